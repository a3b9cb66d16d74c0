import { describe, expect, test } from "vitest";

import { type Drawn, signCallback, verifyCallback } from "../../../src/routing/actions/callback.ts";
import { Random } from "../../support/random.ts";

const keys = { current: Buffer.alloc(32, 1) };
const drawn: Drawn = {
  action: "ac_01KA9Z8Q5Y0V2T6W3R4X7B",
  verb: "ok",
  chat: "4242",
  payloadHash: `sha256:${"a".repeat(64)}`,
};
const knows = (action: string) => (action === drawn.action ? drawn.payloadHash : undefined);

describe("the data of a button", () => {
  test("fits into the 64 bytes that Telegram takes", () => {
    expect(Buffer.byteLength(signCallback(keys, drawn))).toBe(45);
  });

  test("is recognised in the chat where it was drawn", () => {
    expect(verifyCallback(keys, signCallback(keys, drawn), "4242", knows)).toEqual({
      kind: "ours",
      action: drawn.action,
      verb: "ok",
    });
  });

  test("does not count in another chat", () => {
    expect(verifyCallback(keys, signCallback(keys, drawn), "4243", knows)).toEqual({ kind: "forged" });
  });

  test("does not count once the action asks something else", () => {
    const other = () => `sha256:${"b".repeat(64)}`;
    expect(verifyCallback(keys, signCallback(keys, drawn), "4242", other)).toEqual({ kind: "forged" });
  });

  test("does not count for an action that nobody knows", () => {
    expect(verifyCallback(keys, signCallback(keys, drawn), "4242", () => undefined)).toEqual({
      kind: "forgotten",
    });
  });

  test("counts through one change of keys, not through two", () => {
    const data = signCallback(keys, drawn);
    const second = { current: Buffer.alloc(32, 2), previous: keys.current };
    const third = { current: Buffer.alloc(32, 3), previous: second.current };
    expect(verifyCallback(second, data, "4242", knows)).toMatchObject({ kind: "ours" });
    expect(verifyCallback(third, data, "4242", knows)).toEqual({ kind: "forged" });
  });

  test("is not drawn for what is no action of ours", () => {
    expect(() => signCallback(keys, { ...drawn, action: "ac_x" })).toThrow("an action id looks like");
    expect(() => signCallback(keys, { ...drawn, verb: "approve" })).toThrow("two lower-case letters");
  });

  test("does not count with any one character changed", () => {
    const data = signCallback(keys, drawn);
    const random = new Random(20_261_121);
    const forgeries = Array.from(data, (character, at) => {
      const other = random.pick(Array.from("abcXYZ019-_:").filter((candidate) => candidate !== character));
      return data.slice(0, at) + other + data.slice(at + 1);
    });
    const taken = forgeries.filter(
      (forged) => verifyCallback(keys, forged, "4242", () => drawn.payloadHash).kind !== "forged",
    );
    expect(taken).toEqual([]);
  });

  test.each(["", "a1", "a1:::", "ok:ac_01KA9Z8Q5Y0V2T6W3R4X7B", `${"é".repeat(45)}`, "a1:".repeat(9_999)])(
    "is refused quietly when it is nonsense: %s",
    (nonsense) => {
      expect(verifyCallback(keys, nonsense, "4242", knows)).toEqual({ kind: "forged" });
    },
  );

  test("does not count with a longer or shorter signature, or with a line break behind it", () => {
    const data = signCallback(keys, drawn);
    for (const forged of [`${data}A`, data.slice(0, -1), `${data}\n`, data.replace("a1", "a2")])
      expect(verifyCallback(keys, forged, "4242", knows)).toEqual({ kind: "forged" });
  });
});
