import { describe, expect, test } from "vitest";

import { fastImport } from "../../../src/adapters/git/commit.ts";
import { NodeName } from "../../../src/core/ids.ts";

const parent = { oid: "p".repeat(40), committedAt: 2000 };
const author = { name: "Ada <a>\n", email: "ada@pawl.test" };

describe("a commit", () => {
  test("is never older than its parent", () => {
    expect(stream({ second: 1000 })).toContain("> 2001 +0000\n");
    expect(stream({ second: 3000 })).toContain("> 3000 +0000\n");
  });

  test("cannot be forged by a name", () => {
    expect(stream({})).toContain("committer Ada a <ada@pawl.test> 2001 +0000\n");
  });

  test("counts bytes, not characters", () => {
    expect(stream({ files: new Map([["a.md", "ü\udcff"]]) })).toContain('M 100644 inline "a.md"\ndata 3\n');
  });

  test("removes a file that is no more", () => {
    expect(stream({ files: new Map([["a.md", null]]) })).toContain('\nD "a.md"\n');
  });

  test("quotes what git would read otherwise", () => {
    expect(stream({ files: new Map([['a "b"\\\n', ""]]) })).toContain('inline "a \\042b\\042\\134\\012"\n');
  });

  test.each(["", "/etc/passwd", "a//b", "../a", "a/./b", ".git/config", "a/.GIT/hooks", "a/"])(
    "does not touch the path %j",
    (path) => {
      expect(() => stream({ files: new Map([[path, ""]]) })).toThrow("not a path");
    },
  );

  test("that is a beat has no parent and no files", () => {
    const beat = { worker: NodeName.parse("w1"), text: "alive" };
    const text = fastImport({ author, second: 1, beatSecond: 5, beat }).toString();
    expect(text).toBe(
      "reset refs/pawl/beat\ncommit refs/pawl/beat\nmark :2\n" +
        "committer Ada a <ada@pawl.test> 5 +0000\ndata 5\nalive\n\nget-mark :2\ndone\n",
    );
  });
});

function stream({ second = 1, files = new Map<string, string | null>() }): string {
  const change = { parent, message: "m\n", files };
  return fastImport({ author, second, beatSecond: second, change }).toString("latin1");
}
