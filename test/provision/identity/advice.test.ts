import { describe, expect, test } from "vitest";

import { adviceAfter } from "../../../provision/identity/advice.ts";
import { deployKeyTitle } from "../../../provision/identity/deploy-key-title.ts";
import { keysBy } from "../../../provision/identity/keys-by.ts";
import { readRemote } from "../../../provision/identity/remote.ts";
import { places } from "../../../provision/places.ts";
import { isOf } from "../../../provision/steps/identity.ts";
import type { RepoFacts } from "../../../src/ports/repo-host.ts";
import { aUnit } from "../../support/seen.ts";

const good: RepoFacts = {
  private: true,
  mayAdminister: true,
  defaultBranch: "main",
  actions: "off",
  forcePushes: "forbidden",
};

const host = { repository: "o/n", warning: "keep the token" };

describe("advice on a repository", () => {
  test("is given only where there is something to do", () => {
    expect(after(["system.swap"], good)).toEqual([]);
  });

  test.each<[Partial<RepoFacts>, RegExp]>([
    [{ private: false }, /^o\/n is public/],
    [{ actions: "on" }, /Actions run in o\/n/],
    [{ forcePushes: "allowed" }, /Force pushes to main of o\/n are allowed/],
    [{ actions: "unknown" }, /may not ask whether Actions run in o\/n/],
    [{ forcePushes: "unknown", actions: "unknown" }, /Actions run and whether force pushes to main/],
  ])("for %j is one sentence", (facts, says) => {
    expect(after([], { ...good, ...facts })).toEqual([expect.stringMatching(says)]);
  });

  test("names the branch that tasks are on", () => {
    expect(after([], { ...good, forcePushes: "allowed" }, "work").join()).toContain("to work of");
  });

  test("says once what becomes of a key", () => {
    expect(after(["identity.registered"], good)).toEqual(["keep the token"]);
  });

  test("is general where nobody can be asked", () => {
    const wanted = { repository: { remote: "git@a:b/c", keys: "hands" as const } };
    expect(adviceAfter(["identity.key"], wanted, {})).toEqual([expect.stringContaining("private")]);
    expect(adviceAfter([], wanted, {})).toEqual([]);
  });

  test.each<[what: string, changed: string[], active: string, says: RegExp]>([
    ["another key", ["service.credentials"], "active", /former credentials: run .*systemctl restart/],
    ["other settings too", ["service.credentials", "service.units"], "active", /credentials and unit:/],
    ["another key, and is not running", ["service.credentials"], "inactive", /^$/],
    ["another key before it was started", ["service.credentials", "service.started"], "active", /^$/],
    ["another key and was upgraded", ["service.credentials", "upgrade.switched"], "active", /^$/],
    ["another configuration, which it reads again", ["service.config"], "active", /^$/],
  ])("says of a worker that got %s whether it has to begin anew", (_, changed, active, says) => {
    const machine = { units: { [places.worker]: aUnit({ active }) } };
    const wanted = { repository: { remote: "git@a:b/c", keys: "hands" as const } };
    expect(adviceAfter(changed, wanted, { machine }).join("\n")).toMatch(says);
  });

  function after(changed: string[], facts: RepoFacts, branch?: string): string[] {
    const repository = { remote: "git@github.com:o/n", keys: "api" as const, ...(branch && { branch }) };
    return adviceAfter(changed, { repository }, { host, facts });
  }
});

test("a key of ours is known by its title", () => {
  expect(isOf("w", { title: deployKeyTitle("w", "2026-11-21") })).toBe(true);
  expect(isOf("w-2", { title: deployKeyTitle("w", "2026-11-21") })).toBe(false);
});

test.each<[string, string | undefined, string | undefined, string]>([
  ["git@github.com:o/n", "t", undefined, "api"],
  ["ssh://git@ssh.github.com:443/o/n", "t", undefined, "api"],
  ["git@github.com:o/n", undefined, undefined, "hands"],
  ["git@github.com.evil.example:o/n", "t", undefined, "hands"],
  ["git@gitlab.com:o/n", "t", undefined, "hands"],
  ["git@ghe.example:o/n", "t", "https://ghe.example/api/v3", "api"],
  ["git@ghe.example:n", "t", "https://ghe.example/api/v3", "hands"],
])("keys for %s, with token %s and API %s, are registered by %s", (remote, token, apiUrl, keys) => {
  expect(keysBy(readRemote(remote), { token, apiUrl })).toBe(keys);
});
