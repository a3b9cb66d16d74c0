import type { RESTOptions } from "@discordjs/rest";

/** The server sends us elsewhere; a request that carries a token does not follow. */
export class Redirected extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`redirected with ${status}`);
    this.status = status;
  }
}

/**
 * One request with one deadline for all of it, the answer's body too: the library's own ends at the headers. What a
 * proxy in front of Discord answers (a page, a 429 that names no time) is put into the form that the library expects.
 */
export function transport(timeoutMs: number): RESTOptions["makeRequest"] {
  return async (url, init) => {
    const answer = await fetch(url, {
      ...({ method: init.method, headers: init.headers, body: init.body } as RequestInit),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      throw new Redirected(answer.status);
    }
    const body = await answer.arrayBuffer();
    const { status, statusText } = answer;
    const headers = new Headers(answer.headers);
    if (status === 429 && !headers.has("Retry-After")) headers.set("Retry-After", "60");
    if (status >= 400 && status < 500 && !isJsonObject(headers, body)) {
      headers.set("Content-Type", "application/json");
      const message = `${status} ${statusText}, from something before Discord's API`.replace(" ,", ",");
      return new Response(JSON.stringify({ code: 0, message }), { status, headers }) as Answer;
    }
    if (body.byteLength > 0) return new Response(body, { status, headers }) as Answer;
    // Nothing is no JSON, whatever the header says.
    headers.delete("Content-Type");
    return new Response(null, { status, headers }) as Answer;
  };
}

type Answer = Awaited<ReturnType<RESTOptions["makeRequest"]>>;

function isJsonObject(headers: Headers, body: ArrayBuffer): boolean {
  if (!headers.get("Content-Type")?.startsWith("application/json")) return false;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === "object" && value !== null && "code" in value;
  } catch {
    return false;
  }
}
