import { execFileSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { parseServiceLines, serviceScript } from "../../../provision/status/service-lines.ts";

describe("what the machine says beside its facts", () => {
  test("is read from what the script really prints", { tags: ["slow"] }, () => {
    const lines = parseServiceLines(execFileSync("sh", ["-c", serviceScript], { encoding: "utf8" }));
    expect(lines.nowMs).toBeGreaterThan(Date.parse("2024-01-01"));
    expect(lines.crontab.every((line) => !line.startsWith("#"))).toBe(true);
  });

  test("keeps its parts apart, whatever they say", () => {
    const said = (word: string, text: string) => `${word} ${Buffer.from(text).toString("base64")}\n`;
    const printed =
      said("now", "1795255200\n") +
      said("crontab", "# a comment\n0 3 * * * backup\n") +
      said("journal", "now MTIzNAo=\n\njournal lies\n") +
      said("heartbeat", "n/a\n");
    expect(parseServiceLines(printed)).toEqual({
      nowMs: 1_795_255_200_000,
      crontab: ["0 3 * * * backup"],
      journal: ["now MTIzNAo=", "journal lies"],
    });
  });

  test("is a fault when it is not what was asked for", () => {
    expect(() => parseServiceLines("sh: base64: not found\n")).toThrow(
      "The machine's answer cannot be read: now",
    );
  });
});
