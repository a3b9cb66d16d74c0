import type { Sending } from "../../ports/channel.ts";
import type { Trouble } from "./answer.ts";

/** Discord's own numbers for what went wrong, as far as we act on them. */
export const discordCode = {
  unknownChannel: 10003,
  unknownMessage: 10008,
  unknownWebhook: 10015,
  requestTooLarge: 40005,
  missingAccess: 50001,
  notOurMessage: 50005,
  missingPermissions: 50013,
  invalidBody: 50035,
  archivedThread: 50083,
  threadExists: 160004,
} as const;

/** How a send or an edit ended that did not go well. */
export function sendingOf(trouble: Trouble): Sending {
  if (trouble.kind !== "no") return trouble;
  const { status, code } = trouble;
  if (status === 408) return { kind: "unknown", code: "HTTP_408", why: trouble.why };
  const gone: readonly number[] = [discordCode.unknownMessage];
  // Of a new message this is said of one with this nonce: it was sent, then removed.
  if (gone.includes(code)) return { kind: "gone", why: "the message was removed in Discord" };
  const named = `DISCORD_${code === 0 ? status : code}`;
  return { kind: "dead", code: named, why: explained(trouble), scope: scopeOf(status, code) };
}

/** The post itself was found at fault: another form of it may pass. */
export function isMalformed(trouble: Trouble): boolean {
  if (trouble.kind !== "no") return false;
  const { invalidBody, requestTooLarge } = discordCode;
  return trouble.status === 413 || trouble.code === invalidBody || trouble.code === requestTooLarge;
}

function scopeOf(status: number, code: number): "destination" | "message" {
  if (code === discordCode.notOurMessage || code === discordCode.archivedThread) return "message";
  return status === 400 || status === 413 ? "message" : "destination";
}

function explained({ status, code, why }: Extract<Trouble, { kind: "no" }>): string {
  const { unknownChannel, unknownWebhook, missingAccess, missingPermissions } = discordCode;
  const hints = new Map<number, string>([
    [unknownChannel, "the channel was deleted, or its id is wrong"],
    [unknownWebhook, "the webhook was deleted: make a new one and write its address into the configuration"],
    [missingAccess, "the bot cannot see the channel: `pawl channel check` says what to click"],
    [missingPermissions, "the bot lacks a permission: `pawl channel check` says which"],
  ]);
  const hint =
    status === 401
      ? "the token was revoked or replaced: put the new one into place and run `pawl channel check`"
      : hints.get(code);
  return hint === undefined ? why : `${why}: ${hint}`;
}
