import { networkTrouble } from "../../../core/network-trouble.ts";
import { type Ask, type Outcome, waitOf } from "../outcome.ts";

export type Transport = { token: string; root: string; userAgent: string; timeoutMs: number };

export type Request = {
  method?: "POST" | "DELETE";
  query?: Record<string, string | number>;
  body?: object;
};

/** A request as one whose end is a value. */
export function asking(
  { token, root, userAgent, timeoutMs }: Transport,
  path: string,
  request: Request = {},
): Ask {
  const { method = "GET", query = {}, body } = request;
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) parameters.set(key, String(value));
  const address = `${root}${path}${parameters.size > 0 ? `?${parameters.toString()}` : ""}`;
  return async () => {
    try {
      const answer = await fetch(address, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          "user-agent": userAgent,
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await answer.text();
      return answer.ok ? { kind: "answered", body: parse(text) } : refusalOf(answer, parse(text));
    } catch (error) {
      return { kind: "silent", trouble: networkTrouble(error) };
    }
  };
}

function refusalOf({ status, headers }: Response, body: unknown): Outcome {
  const { error } = (body ?? {}) as { error?: { code?: unknown; message?: unknown } };
  const waitSeconds = waitOf((name) => headers.get(name) ?? undefined);
  return {
    kind: "refused",
    status,
    ...(typeof error?.code === "string" && /^[a-z_]{1,40}$/.test(error.code) && { code: error.code }),
    said: typeof error?.message === "string" ? error.message : "",
    ...(waitSeconds !== undefined && { waitSeconds }),
  };
}

/** What is no JSON comes from something on the way. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
