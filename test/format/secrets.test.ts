import { describe, expect, test } from "vitest";

import { blanker } from "../../src/format/secrets.ts";

const token = "ghp_9s+/x?T0ken";

describe("a blanker", () => {
  test.each([
    ["as it is", token],
    ["in JSON", JSON.stringify({ token }).slice(10, -2)],
    ["in a URL", encodeURIComponent(token)],
    ["in a URL with small letters", encodeURIComponent(token).replace(/%../g, (code) => code.toLowerCase())],
    ["in hexadecimal digits", Buffer.from(token).toString("hex")],
    ["in capital hexadecimal digits", Buffer.from(token).toString("hex").toUpperCase()],
  ])("blanks a secret %s", (_, form) => {
    expect(blanker([token]).blank(`before ${form} after`)).toBe("before [secret] after");
  });

  test.each([0, 1, 2, 3])("blanks a secret in the middle of base64, after %i bytes", (before) => {
    const text = Buffer.from(`${"u".repeat(before)}${token}:rest`);
    for (const encoding of ["base64", "base64url"] as const) {
      const blanked = blanker([token]).blank(text.toString(encoding));
      expect(blanked).toContain("[secret]");
      expect(Buffer.from(blanked.replace("[secret]", "AAAA"), encoding).toString("latin1")).not.toContain(
        "9s+/x",
      );
    }
  });

  test("blanks a secret of several lines, also where JSON made one line of it", () => {
    const key = "-----BEGIN KEY-----\nabc\tdef\n-----END KEY-----\n";
    expect(blanker([key]).blank(`[${key.trim()}]${JSON.stringify(key.trim())}`)).toBe('[[secret]]"[secret]"');
  });

  test("blanks the longer one of two secrets that begin alike", () => {
    expect(blanker(["abcdef", "abcdefghi"]).blank("abcdefghi abcdefg")).toBe("[secret] [secret]g");
  });

  test("leaves alone what is shorter than six characters, and everything when there is no secret", () => {
    expect(blanker(["abc12", ""]).blank("abc12")).toBe("abc12");
    const stream = blanker([]).stream();
    expect(stream.push("abc") + stream.end()).toBe("abc");
  });

  test("takes characters with a meaning in patterns for what they are", () => {
    const odd = String.raw`a.b*c[d](e)|f\g$h^{1}`;
    expect(blanker([odd]).blank(`${odd} aXb*c[d](e)|f\\g$h^{1}`)).toBe("[secret] aXb*c[d](e)|f\\g$h^{1}");
  });

  test("is used to half characters", () => {
    expect(blanker(["\ud800 lone half"]).blank("nothing here")).toBe("nothing here");
  });
});

describe("a blanking stream", () => {
  test("does not let a secret pass that comes one character at a time", () => {
    const stream = blanker([token]).stream();
    const said = `before ${token} after`.replace(/./g, (char) => stream.push(char)) + stream.end();
    expect(said).toBe("before [secret] after");
  });

  test("holds back no more than what may be the beginning of a secret", () => {
    const stream = blanker([token]).stream();
    expect(stream.push("a line\nghp_")).toBe("a line\n");
    expect(stream.push("x")).toBe("ghp_x");
  });

  test("says the same as a blanker that has the whole text, however the text is cut", () => {
    for (let seed = 1; seed <= 400; seed++) {
      const chance = mulberry32(seed);
      const pick = (below: number) => Math.floor(chance() * below);
      // Few different letters, so that secrets overlap each other, themselves and the cuts.
      const letters = (length: number) => Array.from({ length }, () => "ab/+ "[pick(5)]).join("");
      const secrets = Array.from({ length: 1 + pick(4) }, () => letters(6 + pick(6)));
      const text = Array.from({ length: 12 }, () =>
        chance() < 0.5 ? letters(pick(8)) : formOf(secrets[pick(secrets.length)]!, pick(4)),
      ).join("");

      const { blank, stream } = blanker(secrets);
      const pieces = stream();
      let said = "";
      for (let at = 0; at < text.length;) {
        const length = 1 + pick(9);
        said += pieces.push(text.slice(at, at + length));
        at += length;
      }
      expect(said + pieces.end(), `seed ${seed}`).toBe(blank(text));
    }
  });

  test("never says a secret, whatever surrounds it", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const chance = mulberry32(seed);
      const secret = Array.from({ length: 6 + Math.floor(chance() * 40) }, () =>
        String.fromCharCode(33 + Math.floor(chance() * 94)),
      ).join("");
      const noise = () => secret.slice(0, Math.floor(chance() * secret.length));
      const text = noise() + secret + noise() + formOf(secret, seed % 4) + noise();
      const stream = blanker([secret]).stream();
      const cut = Math.floor(chance() * text.length);
      const said = stream.push(text.slice(0, cut)) + stream.push(text.slice(cut)) + stream.end();
      expect(said, `seed ${seed}`).not.toContain(secret);
      expect(said.match(/\[secret\]/g)?.length, `seed ${seed}`).toBeGreaterThanOrEqual(2);
    }
  });
});

function formOf(secret: string, kind: number): string {
  const forms = [
    secret,
    Buffer.from(secret).toString("hex"),
    Buffer.from(secret).toString("base64"),
    encodeURIComponent(secret),
  ];
  return forms[kind]!;
}

/** A small generator, so that a failure can be repeated by its seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
