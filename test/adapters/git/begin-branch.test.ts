import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { beginBranch } from "../../../src/adapters/git/begin-branch.ts";
import { realClock } from "../../../src/adapters/time/real-clock.ts";
import { Mirror } from "../../../src/routing/courier/mirror.ts";
import type { Entry } from "../../../src/routing/entry.ts";
import { Repos } from "../../support/repos.ts";
import { anEvent } from "../../support/routing.ts";

describe("a branch beside the ledger", { tags: ["slow"] }, () => {
  let repos: Repos;

  beforeEach(async () => {
    repos = await Repos.make();
  });

  afterEach(() => repos[Symbol.asyncDispose]());

  const begin = (text: string) =>
    beginBranch({
      remote: repos.hub,
      branch: "worker-deliveries",
      folder: join(repos.folder, "begin.git"),
      author: { name: "main", email: "main@pawl.test" },
      now: new Date("2026-11-21T10:00:00Z"),
      message: "Begin\n",
      files: new Map([["a/b ü.txt", text]]),
    });
  const count = (ref: string) => repos.git(["rev-list", "--count", ref]).toString().trim();

  test("begins without the ledger's history, and leaves what somebody else began", async () => {
    await begin("one\n");
    await begin("two\n");
    expect(count("worker-deliveries")).toBe("1");
    expect(repos.git(["show", "worker-deliveries:a/b ü.txt"]).toString()).toBe("one\n");
    expect(count("main")).toBe("1");
  });

  test("holds the copy of the journal for the next machine", async () => {
    const now = realClock.now().toISOString();
    const entries = [1, 2, 3].map((n): Entry => ({ at: now, t: "event", envelope: anEvent({}, n) }));
    const mirrorOf = async (name: string) =>
      new Mirror({
        repo: await repos.open(name, { branch: "worker-deliveries" }),
        clock: realClock,
        blank: (text) => text,
        begin: (files) =>
          beginBranch({
            remote: repos.hub,
            branch: "worker-deliveries",
            folder: join(repos.folder, `${name}.begin`),
            author: { name, email: `${name}@pawl.test` },
            now: realClock.now(),
            message: "Begin\n",
            files,
          }),
      });
    const mirror = await mirrorOf("first");
    expect(await mirror.read()).toEqual([]);
    await mirror.add(entries.slice(0, 1));
    await mirror.add(entries.slice(1));
    expect(await (await mirrorOf("second")).read()).toEqual(entries);
    expect(count("worker-deliveries")).toBe("2");
  });
});
