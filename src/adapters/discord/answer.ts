import { DiscordAPIError, HTTPError, RateLimitError } from "@discordjs/rest";

import { networkTrouble, type NetworkTrouble } from "../../core/network-trouble.ts";
import { Redirected } from "./transport.ts";

/**
 * What became of a request. `no`: Discord understood it and declined, `code` being its own number or 0. `refused`: it
 * did not arrive. `unknown`: it may have been done.
 */
export type Answer<Body> = { kind: "ok"; body: Body } | Trouble;

export type Trouble =
  | { kind: "no"; status: number; code: number; why: string }
  | { kind: "later"; afterSeconds: number; why: string }
  | NetworkTrouble;

/** The library's errors hold addresses and requests, in which there are tokens: only these words leave it. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof DiscordAPIError) {
    const code = typeof error.code === "number" ? error.code : 0;
    return { kind: "no", status: error.status, code, why: oneLine(error.message) };
  }
  if (error instanceof HTTPError) {
    return { kind: "unknown", code: `HTTP_${error.status}`, why: `Discord answered ${error.status}` };
  }
  if (error instanceof RateLimitError) return patience(error);
  if (error instanceof Redirected) {
    return { kind: "no", status: error.status, code: 0, why: `${error.message}, which is not followed` };
  }
  return networkTrouble(error);
}

/** Added by the library to what Discord says. */
const offsetMs = 50;

function patience({ retryAfter, scope }: RateLimitError): Trouble {
  const afterSeconds = Math.max(1, Math.ceil((retryAfter - offsetMs) / 1000));
  return { kind: "later", afterSeconds, why: `Discord asks for ${afterSeconds} s of patience (${scope})` };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 300);
}
