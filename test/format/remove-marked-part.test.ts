import { describe, expect, test } from "vitest";

import { removeMarkedPart, replaceMarkedPart } from "../../src/format/marked-part.ts";

describe("a marked part that is removed", () => {
  test.each(["mine\n", "mine\r\nand more\r\n", "", "# A\n\nmine\n\n"])("leaves %j as it was", (mine) => {
    expect(removeMarkedPart(replaceMarkedPart(mine, "ours"))).toBe(mine.replace(/\n\n$/, "\n"));
  });

  test("leaves what a person has written before and behind it", () => {
    const text = replaceMarkedPart("before\n", "ours\nours");
    expect(removeMarkedPart(`${text}\nbehind`)).toBe("before\n\n\nbehind");
  });

  test.each(["nothing of it", "<!-- pawl:begin -->\nwithout an end\n"])("is not there in %j", (text) => {
    expect(removeMarkedPart(text)).toBe(text);
  });
});
