import { expect, test } from "vitest";

import { chooseModel, type ModelRule } from "../../src/core/model-choice.ts";
import type { Request } from "../../src/core/request.ts";

const rules: readonly ModelRule[] = [
  { when: { needs: ["research", "web"] }, model: "big", fallback: ["other/big"], thinking: "high" },
  { when: { category: ["briefing.*", "memory.update"] }, model: "small", thinking: "off" },
  { when: { category: ["memory.update"] }, model: "never" },
  { when: { executor: ["claude"] }, model: "sonnet" },
  { when: { category: ["chat"] }, thinking: "minimal" },
];
const usual = { model: "usual", fallback: ["other/usual"], thinking: "medium" } as const;

test.each<[string, Request, string, object]>([
  ["the executor's where no rule matches", {}, "openclaw", usual],
  [
    "that of its category",
    { category: "memory.update" },
    "openclaw",
    { ...usual, model: "small", thinking: "off" },
  ],
  [
    "that of its kind of category",
    { category: "briefing.weekly" },
    "openclaw",
    { ...usual, model: "small", thinking: "off" },
  ],
  ["no rule for a kind by the mere beginning of its name", { category: "briefing" }, "openclaw", usual],
  ["no rule for a part of what it needs", { needs: ["web"] }, "openclaw", usual],
  [
    "the first of two rules that match",
    { needs: ["web", "gpu", "research"], category: "briefing.daily" },
    "openclaw",
    { model: "big", fallback: ["other/big"], thinking: "high" },
  ],
  ["that of its executor", {}, "claude", { ...usual, model: "sonnet" }],
  [
    "what a rule leaves open from the executor",
    { category: "chat" },
    "openclaw",
    { ...usual, thinking: "minimal" },
  ],
  [
    "its own, and the rule's thinking",
    { model: "mine", category: "memory.update" },
    "openclaw",
    { ...usual, model: "mine", thinking: "off" },
  ],
  [
    "its own thinking, and the rule's model",
    { thinking: "max", category: "memory.update" },
    "openclaw",
    { ...usual, model: "small", thinking: "max" },
  ],
])("a task gets %s", (_, request, name, choice) => {
  expect(chooseModel(request, { name, ...usual }, rules)).toEqual(choice);
});

test("where nothing names a model, the program chooses", () => {
  expect(chooseModel({}, { name: "openclaw" }, [])).toEqual({});
});
