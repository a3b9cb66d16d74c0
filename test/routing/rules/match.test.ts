import { describe, expect, test } from "vitest";

import { globMatches, mismatch } from "../../../src/routing/rules/match.ts";
import { matching } from "../../../src/routing/rules/defaults.ts";
import type { Match } from "../../../src/routing/rules/settings.ts";
import { Random } from "../../support/random.ts";
import { anAction, anEvent } from "../../support/routing.ts";

describe("a pattern", () => {
  test.each([
    ["chat", "chat", true],
    ["chat", "chats", false],
    ["*", "", true],
    ["*", "anything", true],
    ["x.*", "x.garden", true],
    ["x.*", "xygarden", false],
    ["*.ok", "heartbeat.ok", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["**", "x", true],
    ["", "", true],
    ["", "x", false],
  ])("%s and %s: %s", (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected);
  });

  test("means what the same regular expression means", () => {
    const seed = 5;
    const random = new Random(seed);
    for (let n = 0; n < 20_000; n++) {
      const pattern = random.text(["a", "b", "*", "."], 6);
      const text = random.text(["a", "b", "."], 7);
      const same = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(text);
      expect(globMatches(pattern, text), `seed ${seed}: ${pattern} and ${text}`).toBe(same);
    }
  });

  test("that is made to be slow is not", () => {
    expect(globMatches(`${"a*".repeat(20)}b`, "a".repeat(100_000))).toBe(false);
  });
});

describe("an event does not match, and the reason is", () => {
  const event = anEvent({ source: "cron:backup", severity: "notice", labels: { job: "b" } });
  const asking = anEvent({ summary: "x", action: anAction() });
  test.each<[Partial<Match>, ReturnType<typeof anEvent>, string | undefined]>([
    [{}, event, undefined],
    [{ category: ["chat", "x.*"] }, event, "category result.subagent is not chat|x.*"],
    [{ minSeverity: "notice" }, event, undefined],
    [{ minSeverity: "warning" }, event, "severity notice is below warning"],
    [{ status: ["firing"] }, event, "status once is not firing"],
    [{ source: ["cron:*"] }, event, undefined],
    [{ source: ["worker:*"] }, event, "source cron:backup is not worker:*"],
    [{ subject: ["task:*"] }, event, "subject job:test is not task:*"],
    [{ label: { job: ["a", "b"] } }, event, undefined],
    [{ label: { job: ["a"] } }, event, "label job b is not a"],
    [{ label: { job: ["b"], cost: ["*"] } }, event, "it has no label cost"],
    [{ label: { constructor: ["*"] } }, event, "it has no label constructor"],
    [{ needsAction: true }, event, "it asks nothing of a person"],
    [{ needsAction: false }, asking, "it asks something of a person"],
    [{ empty: true }, event, undefined],
    [{ empty: true }, asking, "it has something to say"],
    [{ empty: false }, event, "it has nothing to say"],
  ])("%j", (match, envelope, expected) => {
    expect(mismatch(envelope, matching(match))).toBe(expected);
  });
});
