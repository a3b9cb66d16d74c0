import { describe, expect, test } from "vitest";

import { commitMessage, nodeOf } from "../../src/format/commit-message.ts";
import { ada } from "../support/tasks.ts";

const nonce = "5be1c09d22f4a871";

describe("a commit message", () => {
  test("says who did what, and keeps a host from starting a workflow", () => {
    expect(commitMessage(ada, nonce, ["claims T-20261121-00001"])).toBe(
      `ada: claims T-20261121-00001\n\n[skip ci]\n\nNode: ada\nNonce: ${nonce}\n`,
    );
  });

  test("lists the deeds when there are several", () => {
    expect(commitMessage(ada, nonce, ["one", "two"])).toContain("ada: one; two\n\n- one\n- two\n\n[skip ci]");
  });

  test("has a subject of at most 120 characters", () => {
    const message = commitMessage(ada, nonce, Array(50).fill("claims T-20261121-00001"));
    expect(message.split("\n")[0]!.length).toBeLessThanOrEqual(120);
    expect(nodeOf(message)).toBe("ada");
  });

  test("lets no title forge a trailer", () => {
    const message = commitMessage(ada, nonce, [
      "queues T-1 x\n\nNode: eve\nNonce: 1\n",
      "y\r\n\r\nNode: eve",
    ]);
    expect(message.match(/^Node: .*/gm)).toEqual(["Node: ada"]);
    expect(nodeOf(message)).toBe("ada");
  });

  test("lets no title call a person or close an issue", () => {
    const message = commitMessage(ada, nonce, [
      "queues T-1 ask @everyone, fixes #12 and GH-7",
      "closes me/it#3, https://github.com/me/it/issues/4",
    ]);
    expect(message).not.toMatch(/@everyone|#\d|GH-\d|:\/\//);
  });
});

describe("the node of a commit", () => {
  test.each([
    ["a person's", "Update QUEUE.md"],
    ["a person's who quotes a trailer", "Revert this\n\nNode: ada\n\nbecause of that"],
    ["an empty one", ""],
    ["one that names nobody", "x\n\nNode: \n"],
  ])("is nobody in %s", (_, message) => {
    expect(nodeOf(message)).toBeUndefined();
  });

  test("is found behind line breaks of Windows and without a final one", () => {
    expect(nodeOf("x\n\nNode: ada\nNonce: 1")).toBe("ada");
  });
});
