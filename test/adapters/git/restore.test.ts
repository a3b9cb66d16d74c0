import { readFileSync, renameSync, truncateSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { SharedRepo } from "../../../src/ports/shared-repo.ts";
import { Repos } from "../../support/repos.ts";

/** More than a cache fetches by itself. */
const large = "a line of the report\n".repeat(5000);

describe("putting back what was seen", { tags: ["slow"] }, () => {
  test("fetches the large files that it takes from where they still are", async () => {
    await using repos = await Repos.make();
    const { ada, older, newest } = await rewoundOverLarge(repos);
    expect(await ada.restore(older)).toBe("accepted");
    expect(repos.head()).toBe(newest);
  });

  test("is a person's to decide when a large file that it takes is nowhere any more", async () => {
    await using repos = await Repos.make();
    const { ada, older } = await rewoundOverLarge(repos);
    repos.git(["gc", "--quiet", "--prune=now"]);
    for (let time = 0; time < 6; time++) expect(await ada.restore(older)).toBe("outdated");
    expect((await ada.accept(older)).commit).toBe(older);
  });

  test("asks nobody to know a fork", async () => {
    await using repos = await Repos.make();
    repos.plant({ "a.md": "a\n" });
    const trace = join(repos.folder, "trace");
    const ada = await repos.open("ada", { env: { GIT_TRACE: trace } });
    await ada.fetch();
    repos.rewind();
    const theirs = repos.head()!;
    await expect(ada.fetch()).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
    renameSync(repos.hub, `${repos.hub}.away`);
    truncateSync(trace);
    expect(await ada.restore(theirs)).toBe("outdated");
    expect(await ada.restore("1".repeat(40)), "of which nothing is here").toBe("outdated");
    expect(readFileSync(trace, "utf8")).toContain("git cat-file");
    expect(readFileSync(trace, "utf8")).not.toMatch(/git.* (fetch|push) /);
  });
});

/** A node that has seen a large file without reading it, which the branch has no longer. */
async function rewoundOverLarge(
  repos: Repos,
): Promise<{ ada: SharedRepo; older: string; newest: string | undefined }> {
  const ada = await repos.open("ada");
  const older = (await ada.fetch()).commit;
  repos.plant({ "LARGE.md": large });
  repos.plant({ "NOTE.md": "a note\n" });
  const newest = (await ada.fetch()).commit;
  repos.rewindTo(older);
  await expect(ada.fetch()).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
  return { ada, older, newest };
}
