import { describe, expect, test } from "vitest";

import { parseHeartbeat, renderHeartbeat, type HeartbeatRow } from "../../src/format/heartbeat.ts";

describe("HEARTBEAT.md", () => {
  test("shows a row for each worker, which can be read back", () => {
    const rows = [aRow(), aRow({ worker: "bob", running: "", health: "silent" })];
    const page = renderHeartbeat("# Workers\n", rows);
    expect(page).toContain("| bob | silent | - | 2 |");
    expect(parseHeartbeat(page)).toEqual(rows);
  });

  test("says so when there is no worker", () => {
    const page = renderHeartbeat("", []);
    expect(page).toContain("No worker has shown a sign of life yet.");
    expect(parseHeartbeat(page)).toEqual([]);
  });

  test("is the same bytes when it is rendered twice", () => {
    const once = renderHeartbeat("# Mine\r\n\r\nA note", [aRow({ host: "odd | <name>" })]);
    expect(renderHeartbeat(once, [aRow({ host: "odd | <name>" })])).toBe(once);
  });

  test("takes nothing from a table that a person wrote", () => {
    const mine = "| Worker | Health |\n| --- | --- |\n| carol | well |\n";
    expect(parseHeartbeat(mine)).toEqual([]);
    expect(parseHeartbeat(renderHeartbeat(mine, [aRow()]))).toEqual([aRow()]);
  });

  test.each([
    "a | b",
    "a \\| b",
    "\\",
    "|",
    "||",
    "\\\\|",
    "a\\",
    "<b>",
    "[x](https://evil.example)",
    "![x](y)",
    "`code`",
    "@everyone",
    "see https://evil.example and www.evil.example",
    "*_~$#&",
    "-- -",
    "漢字 👩‍👩‍👧",
  ])("gives back the host %j", (host) => {
    expect(parseHeartbeat(renderHeartbeat("", [aRow({ host })]))).toEqual([aRow({ host })]);
  });

  test("keeps a stranger's words to one line", () => {
    const rows = [
      aRow({ host: "one\n| two |\r\nthree\u2028four", version: "\n<!-- pawl:end -->\n" }),
      aRow(),
    ];
    const page = renderHeartbeat("", rows);
    expect(page.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(4);
    expect(parseHeartbeat(page)[1]).toEqual(aRow());
  });

  test.each([
    ["a link", "[x](https://evil.example)", /[^\\]\[x/],
    ["an image", "![x](y)", /[^\\]!\[|[^\\]\[x/],
    ["a tag", "<img src=x>", /[^\\]<img/],
    ["a mention", "@everyone", /@everyone/],
    ["a bare address", "https://evil.example", /https:\/\//],
  ])("lets no worker draw %s", (_, words, drawn) => {
    const page = renderHeartbeat("", [aRow({ host: words, version: words, capabilities: words })]);
    expect(page).not.toMatch(drawn);
  });
});

function aRow(about: Partial<HeartbeatRow> = {}): HeartbeatRow {
  return {
    worker: "ada",
    health: "alive",
    running: "T-20261121-00001 (attempt 2)",
    slots: "2",
    executors: "openclaw, shell (broken)",
    capabilities: "gpu, linux",
    version: "0.1.0",
    host: "ada.example.net",
    asOf: "2026-11-21T10:31:00Z",
    ...about,
  };
}
