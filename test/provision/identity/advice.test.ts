import { describe, expect, test } from "vitest";

import { adviceOnRepository, adviceOnToken } from "../../../provision/identity/advice.ts";
import { deployKeyTitle } from "../../../provision/identity/deploy-key-title.ts";
import { keysBy } from "../../../provision/identity/keys-by.ts";
import { readRemote } from "../../../provision/identity/remote.ts";
import { isOf } from "../../../provision/steps/identity.ts";
import type { RepoFacts } from "../../../src/ports/repo-host.ts";

const good: RepoFacts = {
  private: true,
  mayAdminister: true,
  defaultBranch: "main",
  actions: "off",
  forcePushes: "forbidden",
};

describe("advice on a repository", () => {
  test("is given only where there is something to do", () => {
    expect(adviceOnRepository("o/n", good)).toEqual([]);
  });

  test.each<[Partial<RepoFacts>, RegExp]>([
    [{ private: false }, /^o\/n is public/],
    [{ actions: "on" }, /Actions run in o\/n/],
    [{ forcePushes: "allowed" }, /Force pushes to main of o\/n are allowed/],
    [{ actions: "unknown" }, /may not ask whether Actions run in o\/n/],
    [{ forcePushes: "unknown", actions: "unknown" }, /Actions run and whether force pushes to main/],
  ])("for %j is one sentence", (facts, says) => {
    expect(adviceOnRepository("o/n", { ...good, ...facts })).toEqual([expect.stringMatching(says)]);
  });

  test("names the branch that tasks are on", () => {
    expect(adviceOnRepository("o/n", { ...good, forcePushes: "allowed" }, "work").join()).toContain(
      "to work of",
    );
  });
});

test("a token whose keys die with it is said to be kept", () => {
  expect(adviceOnToken("ghs_x")).toEqual([]);
  for (const token of ["github_pat_x", "ghp_x", "gho_x", "0123abcd"]) {
    expect(adviceOnToken(token)).toEqual([expect.not.stringContaining(token)]);
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
