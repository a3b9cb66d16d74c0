import { spawnSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { assignments, quoted } from "../../provision/shell.ts";
import { Random } from "../support/random.ts";

const nasty = [
  ...Array.from({ length: 127 }, (_, code) => String.fromCharCode(code + 1)),
  "é🪛",
  "$(touch /tmp/x)",
  "'; reboot; '",
  "-e ",
  "\\n",
];

describe("a word for the shell", { tags: ["slow"] }, () => {
  test("is taken as exactly that text, whatever stands in it", () => {
    const random = new Random(20_261_121);
    const texts = Array.from({ length: 2000 }, () => random.text(nasty, 12));
    const out = sh(texts.map((text) => `printf '%s\\0' ${quoted(text)}\n`).join(""));
    expect(out.split("\0").slice(0, -1)).toEqual(texts);
  });

  test("is so as a value and as one of a list too", () => {
    const random = new Random(7);
    for (let round = 0; round < 20; round++) {
      const text = random.text(nasty, 30);
      const list = Array.from({ length: random.below(5) }, () => random.text(nasty, 10));
      const script = `${assignments({ theText: text, manyThings: list })}
        many() { printf '%s\\0' "$#" "$@"; }
        printf '%s\\0' "$the_text"
        with_many_things many`;
      expect(sh(script).split("\0").slice(0, -1)).toEqual([text, String(list.length), ...list]);
    }
  });

  test("is empty for what is false or not there, and names keep their capitals", () => {
    const script = `${assignments({ no: false, missing: undefined, yes: true, NODE_HASH: 45 })}
      printf '%s|' "$no" "$missing" "$yes" "$NODE_HASH"`;
    expect(sh(script)).toBe("||true|45|");
  });
});

function sh(script: string): string {
  const { status, stdout, stderr } = spawnSync("sh", ["-u"], { input: script, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}
