/** Whose fault a message of OpenClaw's is. */
export type Blame =
  /** The network or the model's provider: it may be gone in a while. */
  | "passing"
  /** The name of a model or the like: whoever named it is to blame. */
  | "choice"
  /** Login, billing or set-up: a person has to mend this worker. */
  | "worker";

/** Undefined when the message says nothing about that. */
export function blameFor(message: string): Blame | undefined {
  return rules.find(([, pattern]) => pattern.test(message))?.[0];
}

/** A dead model server makes OpenClaw try again until its time is up, which then looks like a slow task. */
export function isNetworkTrouble(message: string): boolean {
  return network.test(message);
}

/** Of standard error only what OpenClaw says about its model: the other lines may be the words of a tool. */
export function modelErrorsIn(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => /LLM request failed|request failed \(|provider/i.test(line))
    .join("\n");
}

/**
 * The trouble after which OpenClaw waits to ask the same model again, if that is the last it said. A trouble that it
 * got over stays on standard error, and nothing there says that it got over it.
 */
export function waitsFor(stderr: string): string | undefined {
  const news = stderr
    .split("\n")
    .filter((line) => /^\[(agent\/embedded|provider-transport-fetch)\]/.test(line));
  if (!news.at(-1)?.includes("transient same-model retry ")) return undefined;
  return news.map((line) => / error=(?:⚠️ )?(.+?)(?: rawError=|$)/.exec(line)?.[1]).findLast(Boolean);
}

const network = new RegExp(
  [
    String.raw`\bE(CONN(REFUSED|RESET|ABORTED)|HOSTUNREACH|NETUNREACH|TIMEDOUT|PIPE|AI_AGAIN)\b`,
    String.raw`\bENOTFOUND\b|getaddrinfo|DNS lookup`,
    "connection (refused|reset|error|aborted)|connection was interrupted|socket hang up|fetch failed",
    "network (error|connection|is unreachable|request failed)|endpoint is unreachable|host is unreachable",
  ].join("|"),
  "i",
);

/** The first that matches decides: a cool-down after a failed login mentions both, and passes. */
const rules: readonly (readonly [Blame, RegExp])[] = [
  ["passing", /temporarily (disabled|unavailable|rate-limited)|usually temporary/i],
  ["passing", /\bHTTP (408|409|425|429|5\d\d)\b|rate.?limit|overloaded|provider internal error/i],
  ["passing", network],
  ["passing", /model runtime publication|database (is|was|table is) (busy|locked)|gateway state ownership/i],
  ["choice", /unknown (model|provider)|model not found|thinking level/i],
  ["worker", /\bHTTP (401|402|403)\b|authenticat|no (api key|credentials)|billing|TLS certificate/i],
  ["worker", /OpenClaw requires|is unsupported; |disk (is )?full|\bENOSPC\b/i],
  ["worker", /\bconfig(uration)?\b/i],
];
