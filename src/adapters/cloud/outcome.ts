import type { NetworkTrouble } from "../../core/network-trouble.ts";

/** What became of one request. It holds nothing of the request itself, which carries the token. */
export type Outcome =
  | { kind: "answered"; body: unknown }
  | Refusal
  /** No answer at all, or not the whole of one. */
  | { kind: "silent"; trouble: NetworkTrouble };

export type Refusal = {
  kind: "refused";
  status: number;
  /** The provider's own word for what is wrong, where it has one. */
  code?: string;
  /** The provider's sentence; it may hold anything. */
  said: string;
  /** When it is worth to ask again, as the provider says. */
  waitSeconds?: number;
};

export type Ask = () => Promise<Outcome>;

/**
 * How long the provider asks us to wait. A moment in time is measured by the provider's own clock, from the same answer:
 * ours may be wrong.
 *
 * @param header the value of a header, by its name in lower case
 */
export function waitOf(header: (name: string) => string | undefined): number | undefined {
  const seconds = Number(header("retry-after") ?? Number.NaN);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const reset = Number(header("ratelimit-reset") ?? Number.NaN);
  const now = Date.parse(header("date") ?? "") / 1000;
  return Number.isFinite(reset - now) ? Math.max(0, reset - now) : undefined;
}
