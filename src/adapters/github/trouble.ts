import * as z from "zod";

import { networkTrouble } from "../../core/network-trouble.ts";
import { Redirected } from "./transport.ts";

/**
 * What became of a request that brought no answer of use, in words of our own: Octokit's errors hold the request, with
 * all its headers. `lost`: it may have been carried out.
 */
export type Trouble =
  | { kind: "unreachable" | "lost"; why: string }
  | { kind: "moved" }
  | {
      kind: "refusal";
      status: number;
      /** GitHub's own sentences, the general one first; of a stranger, on one line. */
      said: string;
      /** Seconds to wait before it may be tried again; only for limits of rate. */
      waitSeconds?: number;
      /** The organisation takes a token only after a person has confirmed it. */
      wantsSingleSignOn: boolean;
      /** The permission that GitHub names, `administration=write` for one. */
      permission?: string;
    };

const HttpError = z.object({
  status: z.number(),
  response: z.object({
    headers: z.record(z.string(), z.unknown()),
    data: z.unknown(),
  }),
});

const Refusal = z.object({
  message: z.string().catch(""),
  errors: z
    .array(z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]))
    .catch([]),
});

export function troubleOf(error: unknown, now: Date): Trouble {
  const http = HttpError.safeParse(error);
  if (!http.success) return withoutAnswer(error);
  const { status, response } = http.data;
  const header = (name: string) => {
    const value = response.headers[name];
    return typeof value === "string" ? value : undefined;
  };
  const { message, errors } = Refusal.catch({ message: "", errors: [] }).parse(response.data);
  const said = oneLine([message, ...errors].filter((part) => part !== "").join(": "));
  const waitSeconds = waitOf(status, header, said, now);
  const permission = header("x-accepted-github-permissions");
  return {
    kind: "refusal",
    status,
    said: said || `it answered ${status}`,
    wantsSingleSignOn: header("x-github-sso")?.startsWith("required") ?? false,
    ...(waitSeconds !== undefined && { waitSeconds }),
    ...(permission !== undefined && { permission: oneLine(permission) }),
  };
}

function withoutAnswer(error: unknown): Trouble {
  const cause = error instanceof Error && "cause" in error ? error.cause : undefined;
  if (cause instanceof Redirected) return { kind: "moved" };
  const { kind, why } = networkTrouble(cause ?? error);
  return { kind: kind === "refused" ? "unreachable" : "lost", why };
}

/** GitHub answers 403 or 429 to who asks too often, and says in three different ways when that is over. */
function waitOf(
  status: number,
  header: (name: string) => string | undefined,
  said: string,
  now: Date,
): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = header("retry-after");
  if (after !== undefined && /^\d{1,6}$/.test(after)) return Number(after);
  const reset = header("x-ratelimit-reset");
  if (header("x-ratelimit-remaining") === "0" && reset !== undefined && /^\d{1,12}$/.test(reset)) {
    return Math.max(1, Math.ceil(Number(reset) - now.getTime() / 1000));
  }
  return status === 429 || /rate limit|abuse detection/i.test(said) ? 60 : undefined;
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, 300);
}
