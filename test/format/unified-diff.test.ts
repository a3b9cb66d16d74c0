import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { unifiedDiff } from "../../src/format/unified-diff.ts";
import { Random } from "../support/random.ts";

describe("a difference", () => {
  test("is nothing between equal texts", () => {
    expect(unifiedDiff("a.md", "same\n", "same\n")).toBe("");
  });

  test("shows what changes with three lines around it, and tells far apart changes apart", () => {
    const before = Array.from({ length: 20 }, (_, n) => `line ${n + 1}\n`);
    const after = before.with(1, "second\n").toSpliced(17, 1);
    expect(unifiedDiff("a.md", before.join(""), after.join(""))).toBe(
      `--- a.md
+++ a.md
@@ -1,5 +1,5 @@
 line 1
-line 2
+second
 line 3
 line 4
 line 5
@@ -15,6 +15,5 @@
 line 15
 line 16
 line 17
-line 18
 line 19
 line 20
`,
    );
  });

  test.each([
    ["of a new file", "", "one\ntwo\n", "--- /dev/null\n+++ a.md\n@@ -0,0 +1,2 @@\n+one\n+two\n"],
    ["of a file that goes", "one\n", "", "--- a.md\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-one\n"],
    [
      "in the end of the last line",
      "one",
      "one\n",
      "--- a.md\n+++ a.md\n@@ -1,1 +1,1 @@\n-one\n\\ No newline at end of file\n+one\n",
    ],
  ])("%s is shown as such", (_, before, after, shown) => {
    expect(unifiedDiff("a.md", before, after)).toBe(shown);
  });

  test("makes the second text of the first, by git", { tags: ["slow"] }, () => {
    const folder = mkdtempSync(join(tmpdir(), "pawl-diff-"));
    const file = join(folder, "a.md");
    const random = new Random(7);
    const text = () => `first\n${random.text(["1\n", "2\n", "3\n", "4\n"], 12)}`;
    for (let round = 0; round < 30; round++) {
      const [before, after] = [text(), text()];
      writeFileSync(file, before);
      const input = unifiedDiff("a.md", before, after);
      if (input !== "") spawnSync("git", ["apply", "-p0", "-"], { cwd: folder, input });
      expect(readFileSync(file, "utf8"), `by ${input}`).toBe(after);
    }
    rmSync(folder, { recursive: true });
  });
});
