import { createHmac, timingSafeEqual } from "node:crypto";

import { ActionId, Verb } from "../../core/envelope.ts";

/** Secrets of 32 bytes. What `previous` signed still counts, so that buttons survive a change of keys. */
export type CallbackKeys = { current: Uint8Array; previous?: Uint8Array };

/** A button that was drawn in a chat. `payloadHash` is of exactly what pressing it would do. */
export type Drawn = { action: string; verb: string; chat: string; payloadHash: string };

/** `forgotten`: an action that is over since long, or that never was; nothing its button says can be verified. */
export type Verdict =
  | { kind: "ours"; action: ActionId; verb: string }
  | { kind: "forgotten" }
  | { kind: "forged" };

/** Of what was asked; undefined where an action is not known. */
export type PayloadHashOf = (action: ActionId) => string | undefined;

/** Grows when what is signed changes; buttons of another version are forged ones. */
const version = "a1";

/** 96 bits: one guess in 8 × 10²⁸ is right, and each guess is a press that is told of. */
const macLength = 16;

const form = /^a1:([0-9A-Z]{22}):([a-z0-9]{2}):([A-Za-z0-9_-]{16})$/;

/** `a1:<action without ac_>:<verb>:<mac>`, 45 bytes of the 64 that Telegram takes. */
export function signCallback({ current }: CallbackKeys, drawn: Drawn): string {
  const action = ActionId.parse(drawn.action);
  const verb = Verb.parse(drawn.verb);
  return `${version}:${action.slice(3)}:${verb}:${macOf(current, { ...drawn, action, verb })}`;
}

/**
 * Which button of ours was pressed, if it is ours, stood in this chat and asked what its action asks today. Telegram
 * itself warns that the data of a press need not belong to any button.
 */
export function verifyCallback(
  keys: CallbackKeys,
  data: string,
  chat: string,
  payloadHashOf: PayloadHashOf,
): Verdict {
  const [, bare, verb, mac] = form.exec(data) ?? [];
  if (bare === undefined || verb === undefined || mac === undefined) return { kind: "forged" };
  const action = ActionId.parse(`ac_${bare}`);
  const payloadHash = payloadHashOf(action);
  if (payloadHash === undefined) return { kind: "forgotten" };
  const drawn: Drawn = { action, verb, chat, payloadHash };
  const signers = keys.previous ? [keys.current, keys.previous] : [keys.current];
  return signers.some((key) => areEqual(mac, macOf(key, drawn)))
    ? { kind: "ours", action, verb }
    : { kind: "forged" };
}

/** JSON keeps the fields apart whatever stands in them. */
function macOf(key: Uint8Array, { action, verb, chat, payloadHash }: Drawn): string {
  const said = JSON.stringify([version, action, verb, chat, payloadHash]);
  return createHmac("sha256", key).update(said).digest("base64url").slice(0, macLength);
}

function areEqual(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
