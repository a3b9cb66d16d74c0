/** The server sends us elsewhere; a request that carries a token does not follow. */
export class Redirected extends Error {}

/** One request with one deadline for all of it, the answer's body too: what was cut short is no answer. */
export function transport(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const answer = await fetch(input, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      throw new Redirected();
    }
    const body = await answer.arrayBuffer();
    const { status, headers } = answer;
    return new Response(body.byteLength > 0 ? body : null, { status, headers });
  };
}
