import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { cloneOrInit, commitAll, pushFirst } from "../../../src/adapters/git/checkout.ts";
import { Repos } from "../../support/repos.ts";

const author = { name: "Ada", email: "ada@pawl.test" };

describe("a checkout", { tags: ["slow"] }, () => {
  test("begins a ledger in an empty hub", async () => {
    await using repos = await Repos.make({});
    const checkout = await cloneOrInit(join(repos.folder, "work"));
    writeFileSync(join(checkout.folder, "CURRENT.md"), "# Current\n");
    const commit = await commitAll(checkout, "Begin the ledger", author);
    await pushFirst(checkout, "main", repos.hub);
    expect(repos.head()).toBe(commit);
    expect(await (await (await repos.open("ada")).fetch()).read("CURRENT.md")).toBe("# Current\n");
  });

  test("goes on in a clone", async () => {
    await using repos = await Repos.make();
    const checkout = await cloneOrInit(join(repos.folder, "work"), repos.hub);
    expect(existsSync(join(checkout.folder, "README.md"))).toBe(true);
    expect(await commitAll(checkout, "nothing", author)).toBeUndefined();
    writeFileSync(join(checkout.folder, "more.md"), "more\n");
    const commit = await commitAll(checkout, "More", author);
    await pushFirst(checkout, "main", repos.hub);
    expect(repos.head()).toBe(commit);
  });

  test("pushes nothing over what is there", async () => {
    await using repos = await Repos.make();
    const head = repos.head();
    const checkout = await cloneOrInit(join(repos.folder, "work"));
    writeFileSync(join(checkout.folder, "CURRENT.md"), "# Current\n");
    await commitAll(checkout, "Begin the ledger", author);
    await expect(pushFirst(checkout, "main", repos.hub)).rejects.toMatchObject({ code: "FILE_IN_THE_WAY" });
    expect(repos.head()).toBe(head);
  });

  test("is not made where other things are", async () => {
    await using repos = await Repos.make();
    await expect(cloneOrInit(repos.folder, repos.hub)).rejects.toMatchObject({ code: "FILE_IN_THE_WAY" });
  });

  test("of a repository that does not exist is a fault", async () => {
    await using repos = await Repos.make();
    const nowhere = cloneOrInit(join(repos.folder, "work"), join(repos.folder, "nowhere.git"));
    await expect(nowhere).rejects.toMatchObject({ code: "REMOTE_NOT_FOUND" });
  });
});
