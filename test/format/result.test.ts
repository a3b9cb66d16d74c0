import { describe, expect, test } from "vitest";

import type { Result } from "../../src/core/outcome.ts";
import { Request } from "../../src/core/request.ts";
import { outcomes } from "../../src/core/task.ts";
import { decodeText, encodeText } from "../../src/format/bytes.ts";
import { parseResult, renderResult } from "../../src/format/result.ts";
import { aResult, must } from "../support/formats.ts";
import { adasToken, anId, aPastAttempt } from "../support/tasks.ts";

describe("a result", () => {
  test("is front matter that people can read, and the text", () => {
    expect(renderResult(aResult({ text: "All is well.", facts: { exit: 0 } }))).toBe(
      [
        "---",
        "id: T-20261121-00001",
        "title: Rebuild the nightly report",
        "outcome: succeeded",
        "worker: ada",
        `token: ${adasToken}`,
        "attempt: 1",
        "started: 2026-11-21T10:00:00Z",
        "ended: 2026-11-21T10:30:00Z",
        "facts:",
        "  exit: 0",
        "---",
        "",
        "All is well.",
        "",
      ].join("\n"),
    );
  });

  test("comes back as it was, with all that can be said about it", () => {
    const full = aResult({
      why: "exit code 1",
      outcome: "failed",
      attempt: 7,
      request: Request.parse({ needs: "gpu, linux", after: anId(2), timeout: "1h30m", attempts: "3" }),
      tried: [aPastAttempt(), aPastAttempt({ attempt: 2, end: "transient", why: "a: b # c" })],
      facts: { exit: 1, model: "small-1", cached: true, cost: 0.25, "odd key: ": "no" },
      text: "# Heading\n\ntext",
    });
    expect(parseResult(renderResult(full))).toEqual(full);
  });

  test("comes back when nobody ran the task", () => {
    const cancelled = aResult({ outcome: "cancelled", lease: undefined, started: undefined, attempt: 0 });
    expect(parseResult(renderResult(cancelled))).toEqual(cancelled);
  });

  test.each(outcomes)("can say that the task ended as %s", (outcome) => {
    expect(parseResult(renderResult(aResult({ outcome })))).toMatchObject({ outcome });
  });
});

describe("the text of a result", () => {
  test.each<[string, string]>([
    ["nothing", ""],
    ["lines that look like the end of front matter", "---\noutcome: failed\n---\n---"],
    ["front matter of its own", "---\nid: T-20261121-zzzzz\noutcome: cancelled\n---\n\ntext"],
    ["a line that looks like an archive's", "<!-- pawl result T-20261121-zzzzz 3 -->\nabc"],
    ["blank lines around it", "\n\n  text\n\n\n"],
    ["line breaks of Windows", "one\r\ntwo\r\n"],
    ["carriage returns", "10 %\r20 %\r"],
    ["control characters", "nul \0, escape \u001b[31m, separators \u2028\u2029\u0085"],
    ["a byte order mark", "\uFEFFtext"],
    ["bytes that were no UTF-8", "caf\udce9 \udc80\udcff"],
    ["emoji and accents", "👩‍👩‍👧 e\u0301 ß 漢字"],
    ["half a megabyte", "line of text\n".repeat(40_000)],
    ["300 KB of line breaks", `${"\n".repeat(300_000)}x`],
    ["300 KB of hyphens", "-".repeat(300_000)],
    ["300 KB of lines of hyphens", "---\n".repeat(75_000)],
  ])("may be %s", (_, text) => {
    const file = renderResult(aResult({ text }));
    expect(must(parseResult(file)).text).toBe(text);
    expect(must(parseResult(decodeText(encodeText(file)))).text).toBe(text);
  });
});

describe("the words of a stranger in a result's front matter", () => {
  const hostile = [
    "---",
    "a\n---\nb",
    "x\nlease: ada",
    "'quotes\" and \\ backslashes",
    "- list",
    "{ map: 1 }",
    "&anchor *alias !tag",
    "# comment",
    "| block",
    "null",
    "true",
    "0x1f",
    "1e3",
    "2026-11-21",
    "\0 \u001b \u2028",
    "caf\udce9",
    "%YAML 1.2",
    "<<",
    "__proto__",
    " spaces ",
    "",
    "...",
    "a: b: c",
    "\t",
    "\uFEFF",
  ];

  test.each(hostile)("may be %j", (words) => {
    const result = aResult({
      title: words,
      why: words,
      tried: [aPastAttempt({ why: words, ended: words })],
      facts: { [`fact ${words}`]: words },
      text: words,
    });
    expect(parseResult(renderResult(result))).toEqual(result);
  });

  test("never make a second line ---", () => {
    for (const words of hostile) {
      const file = renderResult(aResult({ title: words, why: words, facts: { [words]: words }, text: "" }));
      expect(file.split("\n").filter((line) => line.startsWith("---"))).toHaveLength(2);
    }
  });
});

describe("a result file", () => {
  const file = renderResult(aResult({ text: "text", request: { priority: "high", key: "nightly" } }));

  test("of a newer version is read as far as it is understood", () => {
    const newer = file
      .replace("attempt: 1\n", "attempt: 1\nmood: [fine, { deep: 1 }]\n")
      .replace("priority: high", "priority: whenever");
    const read = must(parseResult(newer));
    expect(read).toMatchObject({ id: anId(), text: "text", request: { key: "nightly" } });
    expect(read.request).not.toHaveProperty("priority");
  });

  test("whose line breaks an editor of Windows has changed is read", () => {
    const windows = file.replaceAll("\n", "\r\n");
    expect(parseResult(`\uFEFF${windows}`)).toEqual(parseResult(file));
  });

  test("that lost its last line break is read", () => {
    expect(parseResult(file.trimEnd())).toEqual(parseResult(file));
    const empty = renderResult(aResult({ text: "" }));
    expect(parseResult(empty.trimEnd())).toEqual(parseResult(empty));
  });

  test("with a lease of which half is missing counts as one without a lease", () => {
    expect(must(parseResult(file.replace(/^token: .*\n/m, ""))).lease).toBeUndefined();
  });

  test.each<[string, string, string]>([
    ["no front matter", "text", "does not begin with front matter"],
    ["front matter without an end", "---\nid: T-20261121-00001\n", "does not begin with front matter"],
    ["nothing in it", "", "does not begin with front matter"],
    ["an unknown outcome", file.replace("outcome: succeeded", "outcome: fine"), "outcome: "],
    ["a hostile id", file.replace("T-20261121-00001", "../../etc/passwd"), "a task id looks like"],
    ["a negative attempt", file.replace("attempt: 1", "attempt: -1"), "attempt: "],
    ["no end", file.replace(/^ended: .*\n/m, ""), "ended: "],
    ["broken YAML", file.replace("title: ", 'title: "'), "line"],
    ["a list", "---\n- one\n---\n", "key: value"],
    ["one word", "---\nword\n---\n", "key: value"],
  ])("with %s says so", (_, text, problem) => {
    expect(parseResult(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test.each<[string, string]>([
    ["deep nesting", `---\na: ${"[".repeat(20_000)}\n---\n`],
    ["a billion laughs", `---\na: &a [x, x]\n${laughs()}---\n`],
    ["an alias to nothing", "---\nid: *nobody\n---\n"],
    ["a merge of a prototype", "---\n__proto__: { outcome: failed }\n<<: { id: T-20261121-00001 }\n---\n"],
    ["a tag", "---\nid: !!js/function 'x'\n---\n"],
  ])("with %s in it is refused", (_, text) => {
    expect(parseResult(text)).toHaveProperty("problem");
  });

  test("never makes the reader throw, whatever is cut out of it", () => {
    const full: Result = aResult({
      why: "a: b",
      tried: [aPastAttempt()],
      facts: { exit: 0 },
      text: "---\nx",
    });
    const whole = renderResult(full);
    for (let from = 0; from < whole.length; from++) {
      for (const length of [1, 2, 7, 40]) {
        const cut = whole.slice(0, from) + whole.slice(from + length);
        expect(parseResult(cut)).toEqual(expect.any(Object));
      }
    }
  });
});

function laughs(): string {
  return Array.from(
    { length: 30 },
    (_, n) => `a${n}: &a${n} [${`*a${n === 0 ? "" : n - 1}, `.repeat(9)}]\n`,
  ).join("");
}
