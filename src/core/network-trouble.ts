/** `refused`: nothing of the request can have been read by the other side. `unknown`: it may have been acted upon. */
export type NetworkTrouble = { kind: "refused" | "unknown"; code: string; why: string };

const notThere =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+)$/;

/** What a failed request means, in words that hold nothing of the request: its address may be a secret. */
export function networkTrouble(error: unknown): NetworkTrouble {
  if (error instanceof Error && error.name === "TimeoutError") {
    return { kind: "unknown", code: "TIMEOUT", why: "no whole answer in time" };
  }
  const code = codesIn(error).find((found) => notThere.test(found));
  if (code !== undefined) return { kind: "refused", code, why: `no connection (${code})` };
  return { kind: "unknown", code: "CUT", why: "the connection ended before the answer" };
}

/** Those of the causes too: what a library throws wraps what the system said. */
function codesIn(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors : [];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  return [...own, ...[error.cause, ...inner].flatMap(codesIn)];
}
