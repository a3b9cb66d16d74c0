import { describe, expect, test } from "vitest";

import { childRequest, type ChildRights } from "../../src/core/child.ts";
import type { Request } from "../../src/core/request.ts";
import { anId } from "../support/tasks.ts";

const few: ChildRights = { most: 8, depth: 1, executors: [], models: [], needs: [], categories: [] };
const usual = { executor: "openclaw", timeoutSeconds: 1800 };

describe("a child", () => {
  test("that asks for nothing is as its parent, and says whose it is", () => {
    const parent: Request = {
      executor: "claude",
      model: "opus",
      thinking: "high",
      priority: "low",
      category: "shop",
      needs: ["gpu"],
      timeout: 600,
      attempts: 2,
      expires: "2026-11-22T00:00:00Z",
      approval: "required",
      by: "aaron",
      created: "2026-11-21T10:00:00Z",
      key: "weekly",
      after: [anId(7)],
    };
    const { key: _key, created: _created, after: _after, ...same } = parent;
    expect(of(parent, {})).toEqual({ request: { ...same, by: anId(), parent: anId() } });
  });

  test.each<[string, Request, Request]>([
    ["a lower priority", { priority: "high" }, { priority: "normal" }],
    ["the priority of one that says nothing", {}, { priority: "normal" }],
    ["less time", { timeout: 600 }, { timeout: 60 }],
    ["less than the usual time", {}, { timeout: 1800 }],
    ["fewer attempts", { attempts: 3 }, { attempts: 2 }],
    ["an earlier end", { expires: "2026-11-22T00:00:00Z" }, { expires: "2026-11-21T23:00:00Z" }],
    ["to think less", { thinking: "high" }, { thinking: "off" }],
    ["an approval", {}, { approval: "required" }],
    ["the executor by its name", {}, { executor: "openclaw" }],
  ])("may ask for %s", (_, parent, asked) => {
    expect(of(parent, asked)).toMatchObject({ request: asked });
  });

  test.each<[string, Request, Request]>([
    ["priority: urgent is above", {}, { priority: "urgent" }],
    ["timeout: 31m is longer", {}, { timeout: 1860 }],
    ["attempts: 2 are more", {}, { attempts: 2 }],
    ["is later", { expires: "2026-11-22T00:00:00Z" }, { expires: "2026-11-22T00:00:00.5Z" }],
    ["thinking: max", { thinking: "high" }, { thinking: "max" }],
    ["thinking: low", {}, { thinking: "low" }],
    ["approval: none", { approval: "required" }, { approval: "none" }],
    ["executor: command is not", {}, { executor: "command" }],
    ["model: opus is not", { model: "haiku" }, { model: "opus" }],
    ["category: action.money is not", { category: "shop" }, { category: "action.money" }],
    ["needs: prod is not", { needs: ["gpu"] }, { needs: ["gpu", "prod"] }],
    ["by and created", {}, { by: "aaron" }],
    ["by and created", {}, { created: "yesterday" }],
  ])("is refused with words: %s", (words, parent, asked) => {
    expect(of(parent, asked)).toEqual({ refused: expect.stringContaining(words) });
  });

  test.each<[Partial<ChildRights>, Request]>([
    [{ executors: ["command"] }, { executor: "command" }],
    [{ models: ["opus"] }, { model: "opus" }],
    [{ categories: ["digest"] }, { category: "digest" }],
    [{ needs: ["prod"] }, { needs: ["prod"] }],
  ])("may ask for what the configuration names: %j", (more, asked) => {
    expect(of({}, asked, { ...few, ...more })).toMatchObject({ request: asked });
  });

  test("needs at least what its parent needs: that may be what keeps it safe", () => {
    expect(of({ needs: ["walled-in"] }, { needs: ["gpu"] }, { ...few, needs: ["gpu"] })).toMatchObject({
      request: { needs: ["walled-in", "gpu"] },
    });
  });

  test("cannot need so much that nobody could read it again", () => {
    const many = Array.from({ length: 20 }, (_, n) => `thing-${n}`);
    expect(of({ needs: many }, { needs: ["gpu"] }, { ...few, needs: ["gpu"] })).toEqual({
      refused: expect.stringContaining("more than 20"),
    });
  });

  test("has no model of another executor's", () => {
    const asked = of(
      { model: "opus", thinking: "high" },
      { executor: "command" },
      { ...few, executors: ["command"] },
    );
    expect(asked).toEqual({ request: { executor: "command", by: anId(), parent: anId() } });
  });
});

function of(parent: Request, asked: Request, rights = few) {
  return childRequest({ id: anId(), request: parent }, asked, rights, usual);
}
