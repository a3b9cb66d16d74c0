import { describe, expect, test } from "vitest";

import { ContactFile } from "../../../provision/contact/contact-file.ts";
import {
  afterMeeting,
  afterRefusal,
  awaitedElsewhere,
  beforeOrder,
  isAwaited,
  isPinned,
  isThrowAway,
  throwAwayKey,
  trustOf,
  type Contact,
} from "../../../provision/contact/contact.ts";
import { userData } from "../../../provision/contact/user-data.ts";
import { sshKeyPair } from "../../../src/format/ssh-key.ts";
import { wantedInCloud } from "../wanted.ts";

const [seed, otherSeed] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)] as const;
const throwAway = sshKeyPair(seed, "").fingerprint;
const next = sshKeyPair(Buffer.alloc(32, 3), "").fingerprint;
const stranger = sshKeyPair(Buffer.alloc(32, 4), "").fingerprint;
const at = {
  target: { kind: "host", user: "root", address: "192.0.2.1", port: 22 },
  address: "192.0.2.1",
} as const;

const where = wantedInCloud().target;
const atHetzner = { kind: "cloud", provider: "hetzner", region: "nbg1", size: "cx23", image: "i" } as const;

function trusted(known: Contact): string[] {
  const trust = trustOf(known, []);
  return trust === "any" ? ["any"] : trust.map(({ fingerprint }) => fingerprint);
}

describe("what is known of a machine", () => {
  const ordered = beforeOrder({}, where, seed);
  const met = afterMeeting(ordered, at, throwAway);
  const told = { ...met, next };
  const settled = afterMeeting(told, at, next);

  test("is nothing before the first order", () => {
    expect([isPinned({}), isAwaited({}), trusted({})]).toEqual([false, false, []]);
  });

  test.each<[string, Contact, string[]]>([
    ["after the order: the throw-away key", ordered, [throwAway]],
    ["after the first contact: still that", met, [throwAway]],
    ["once the machine has made its own: either", told, [throwAway, next]],
    ["once it has shown that: that alone", settled, [next]],
  ])("is, %s", (_, known, keys) => {
    expect(trusted(known)).toEqual(keys);
    expect(trusted(known)).not.toContain(stranger);
  });

  test("has the machine show its own key in the end, wherever a run ended between", () => {
    for (const known of [ordered, met, told]) {
      const again = afterMeeting(known, at, throwAway);
      expect(isThrowAway(again, throwAway)).toBe(true);
      expect(afterMeeting({ ...again, next }, at, next)).toEqual(settled);
    }
    expect(afterMeeting(told, at, next)).toEqual(settled);
    expect(afterMeeting(settled, at, next)).toEqual(settled);
    expect(isThrowAway(settled, next)).toBe(false);
  });

  test("changes a key of its own in the same way", () => {
    const newest = stranger;
    const changing = { ...settled, next: newest };
    expect(trusted(changing)).toEqual([next, newest]);
    expect(afterMeeting(changing, at, next)).toEqual(changing);
    expect(afterMeeting(changing, at, newest)).toEqual({ ...at, hostKey: newest });
  });

  test("keeps the key of an order whose answer was lost for the next one: either server may turn up", () => {
    expect(beforeOrder(ordered, where, otherSeed)).toEqual(ordered);
  });

  test.each<[string, Contact]>([
    ["was met", met],
    ["was met and had made its own", told],
    ["had its own", settled],
  ])("is forgotten for a new server when the one before %s: others may have read that key", (_, known) => {
    expect(beforeOrder(known, where, otherSeed)).toEqual({
      target: where,
      throwAway: otherSeed.toString("base64"),
    });
  });

  test("has the place of an order that is not met yet, so that the next run looks for it there", () => {
    const known = beforeOrder({}, atHetzner, seed);
    expect(known.target).toEqual(atHetzner);
    expect(awaitedElsewhere(known, atHetzner)).toBeUndefined();
    expect(awaitedElsewhere(known, where)).toBe("hetzner");
    expect([{}, met, settled].map((one) => awaitedElsewhere(one, where))).toEqual(Array(3).fill(undefined));
  });

  test("is, after an order that was refused, only where it would have been", () => {
    const known = afterRefusal(beforeOrder({}, atHetzner, seed));
    expect(known).toEqual({ target: atHetzner });
    expect([isPinned(known), isAwaited(known)]).toEqual([false, false]);
  });

  test("has patience with a server that was never met, and with no other", () => {
    expect([ordered, met, told, settled].map(isAwaited)).toEqual([true, false, false, false]);
  });

  test("is what somebody else says only where we know nothing", () => {
    const others = [{ fingerprint: stranger }];
    expect(trustOf({}, others)).toEqual(others);
    expect(trustOf(settled, others)).toEqual([{ fingerprint: next }]);
  });

  test("is kept as it is, and read with care", async () => {
    const kept: unknown[] = [];
    const spool = {
      read: async () => kept.at(-1),
      write: async (value: unknown) => void kept.push(JSON.parse(JSON.stringify(value))),
    };
    const file = new ContactFile(spool);
    expect(await file.read()).toEqual({});
    for (const known of [ordered, met, told, settled]) {
      await file.write(known);
      expect(await file.read()).toEqual(known);
    }
    kept.push({ hostKey: "SHA256:short" });
    await expect(file.read()).rejects.toMatchObject({ code: "SPOOL_BROKEN" });
    await file.forget();
    expect(isPinned(await file.read())).toBe(false);
  });
});

describe("user data", () => {
  test("has the throw-away key in it, and nothing else", () => {
    const key = throwAwayKey(beforeOrder({}, where, seed))!;
    expect(userData(key)).toBe(`#cloud-config
ssh_deletekeys: true
ssh_genkeytypes: []
ssh_keys:
  ed25519_private: |
${key.privateKey.trimEnd().replace(/^/gm, "    ")}
  ed25519_public: ${key.publicKey}
`);
  });
});
