import { z } from "zod";

import type { HostKey, Trust } from "../../src/format/known-hosts.ts";
import { sshKeyPair, type SshKeyPair } from "../../src/format/ssh-key.ts";
import type { Target } from "../wanted.ts";

const fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/);

const target = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("cloud"),
    provider: z.enum(["digitalocean", "hetzner"]),
    region: z.string(),
    size: z.string(),
    image: z.string(),
  }),
  z.strictObject({ kind: z.literal("host"), user: z.string(), address: z.string(), port: z.number() }),
]);

/** What we keep of a machine from run to run: by what we know that it is the one. */
export const contact = z.strictObject({
  /** What was asked for when we were last there, or ordered it. */
  target: target.optional(),
  /** Where it answered when we last were there. */
  address: z.string().optional(),
  /** Fingerprint of its host key, once that is one that only the machine has. */
  hostKey: fingerprint.optional(),
  /** Base64 of what the key was made from that user data told the machine to show at first. */
  throwAway: z.base64().optional(),
  /** Fingerprint of the key that the machine was, or will be, told to show instead. */
  next: fingerprint.optional(),
});

/**
 * A machine's first host key is one that we made, and is changed for one that the machine made. Each of these values
 * is on the disk before the deed that makes it necessary, so that a run may end anywhere:
 *
 * | ended                                    | kept              | the machine shows | the next run |
 * | ---------------------------------------- | ----------------- | ----------------- | ------------ |
 * | before the order                         | throw-away        | -                 | orders, with the same key |
 * | after an order whose answer was lost     | throw-away        | throw-away        | knows it, however late it turns up |
 * | while the machine makes its own key      | throw-away        | throw-away        | has it print that key again |
 * | after we have kept that key's print      | throw-away, next  | throw-away        | the same; both are taken |
 * | after the machine was told to switch     | throw-away, next  | next              | knows it, and keeps that alone |
 * | after we have seen it                    | host key          | that              | knows it |
 *
 * A key of its own is changed in the same way. As long as the throw-away key is taken, who can read user data on the
 * machine could pose as it, for those who could also stand in our way to it; that ends with the last line of the table,
 * within seconds of the first contact.
 */
export type Contact = z.infer<typeof contact>;

/**
 * For an order: where it goes, and with the key that the new machine is to show first. An order before it may still come
 * true: same key.
 */
export function beforeOrder(known: Contact, where: Target, seed: Buffer): Contact {
  const { throwAway, next } = isAwaited(known) ? known : { throwAway: seed.toString("base64") };
  return {
    target: where,
    ...(throwAway !== undefined && { throwAway }),
    ...(next !== undefined && { next }),
  };
}

/** An order was refused for sure: nothing is awaited any more, and where it would have been is still what is asked for. */
export function afterRefusal({ target: where }: Contact): Contact {
  return where === undefined ? {} : { target: where };
}

/** The provider at which an order may still come true, if that is not the one that is asked now. */
export function awaitedElsewhere(known: Contact, where: Target): string | undefined {
  if (!isAwaited(known) || known.target?.kind !== "cloud") return undefined;
  const { provider } = known.target;
  return where.kind === "cloud" && where.provider === provider ? undefined : provider;
}

export function throwAwayKey({ throwAway }: Contact): SshKeyPair | undefined {
  return throwAway === undefined ? undefined : sshKeyPair(Buffer.from(throwAway, "base64"), "throw-away");
}

/** Whether it was ordered and we have not been there: until then it may need time to come into being. */
export function isAwaited({ throwAway, address }: Contact): boolean {
  return throwAway !== undefined && address === undefined;
}

/** By which keys it is known: ours, or where we have none those that somebody else has of it. */
export function trustOf(known: Contact, others: readonly HostKey[]): Trust {
  const own = [known.hostKey, throwAwayKey(known)?.fingerprint, known.next].flatMap((one) => one ?? []);
  return own.length > 0 ? own.map((one) => ({ fingerprint: one })) : others;
}

/**
 * It showed this key, which is one that we take for its own. Until it shows the next one that stays on our list: it may
 * have been told to switch a moment ago.
 */
export function afterMeeting(
  known: Contact,
  at: { target: Target; address: string },
  shown: string,
): Contact {
  const isAsBefore = isThrowAway(known, shown) || shown === known.hostKey;
  return isAsBefore ? { ...known, ...at } : { ...at, hostKey: shown };
}

export function isPinned({ hostKey, throwAway }: Contact): boolean {
  return hostKey !== undefined || throwAway !== undefined;
}

export function isThrowAway(known: Contact, shown: string): boolean {
  return throwAwayKey(known)?.fingerprint === shown;
}
