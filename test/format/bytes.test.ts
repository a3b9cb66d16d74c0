import { describe, expect, test } from "vitest";

import { decodeText, encodeText } from "../../src/format/bytes.ts";

describe("the text of a file", () => {
  test("is what its UTF-8 says, byte order mark included", () => {
    const text = "\uFEFFgrüße, 世界 🪛\r\n";
    expect(decodeText(Buffer.from(text))).toBe(text);
    expect(encodeText(text)).toEqual(Buffer.from(text));
  });

  test("keeps Latin-1 between UTF-8 readable and unchanged", () => {
    const bytes = Buffer.concat([
      Buffer.from("- state: queued\ngr"),
      Buffer.from([0xfc, 0xdf]),
      Buffer.from("e ü\n"),
    ]);
    expect(decodeText(bytes)).toBe("- state: queued\ngr\udcfc\udcdfe ü\n");
    expect(encodeText(decodeText(bytes))).toEqual(bytes);
  });

  test.each([
    ["an overlong slash", [0xc0, 0xaf]],
    ["an overlong three-byte form", [0xe0, 0x80, 0x80]],
    ["an encoded surrogate pair", [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80]],
    ["more than Unicode has", [0xf4, 0x90, 0x80, 0x80]],
    ["a cut emoji", [0xf0, 0x9f, 0xaa]],
    ["a cut emoji before a letter", [0xf0, 0x9f, 0xaa, 0x41]],
    ["lone continuation bytes", [0x80, 0xbf]],
    ["a byte of no encoding", [0xff, 0xfe]],
  ])("survives %s", (_, bytes) => {
    expect([...encodeText(decodeText(Uint8Array.from(bytes)))]).toEqual(bytes);
  });

  test("survives random bytes", () => {
    const random = generator(20_261_121);
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 40) }, () => someByte(random)));
      expect(encodeText(decodeText(bytes))).toEqual(bytes);
    }
  });

  test("writes half a surrogate pair of our own making as the replacement character", () => {
    expect(encodeText("a\ud800b\udc00").toString()).toBe("a\ufffdb\ufffd");
  });
});

/** Lead and continuation bytes more often than chance would have them. */
function someByte(random: () => number): number {
  const likely = [0xe0, 0xed, 0xf0, 0xf4, 0x80, 0x9f, 0xa0, 0xbf, 0xc3, 0x41];
  return random() < 0.6 ? likely[Math.floor(random() * likely.length)]! : Math.floor(random() * 256);
}

function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
