import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { Desk } from "../support/desk.ts";

describe("pawl render", () => {
  test("shows the words, the marks and the sizes of what Telegram would be sent", async () => {
    await using desk = await Desk.sitDown();
    await writeFile(join(desk.folder, "result.md"), "# Offers\n\n**fra1** 4.12 USD, /approve_7\n");
    const { code, out } = await desk.type("render", "result.md");
    expect(code).toBe(0);
    expect(out).toBe(
      "telegram · 36 of 4096 units, 2 of 100 entities\n\n✅ Offers\n\nfra1 4.12 USD, /\u2060approve_7\n\n" +
        "bold                  0+8\nbold                  10+4\n",
    );
  });

  test("shows an event as the event that it is, parts and file included", async () => {
    await using desk = await Desk.sitDown();
    const event = {
      v: 1,
      id: "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C",
      at: "2026-11-21T09:10:00Z",
      source: "worker:w1",
      category: "incident",
      severity: "critical",
      subject: "service:mail",
      title: "Mail is down",
      body: "line\n\n".repeat(2000),
    };
    await writeFile(join(desk.folder, "event.json"), JSON.stringify(event));
    const { out } = await desk.type("render", "event.json", "--to", "discord");
    expect(out).toMatch(
      /^discord · 1 of 10 embeds, \d+ of 6000 units, result.md of 12000 bytes\n\n❌ Incident · Mail is down\n/,
    );
  });

  test("writes a page that loads nothing", async () => {
    await using desk = await Desk.sitDown();
    desk.stdin = "<script>x</script> ![i](http://a.example/i.png)";
    const { code, err } = await desk.type("render", "-", "--to", "discord", "--html", "preview.html");
    expect(code).toBe(0);
    expect(err).toContain("preview.html");
    const html = await readFile(join(desk.folder, "preview.html"), "utf8");
    expect(html).not.toMatch(/<(script|img|link|iframe)/);
    expect(html).toContain("&#60;script&#62;");
  });

  test.each([
    [["render", "nowhere.md"], 4, "FILE_NOT_FOUND"],
    [["render", "bad.json"], 2, "USAGE"],
    [["render", "-", "--html", "no/folder.html"], 4, "FILE_NOT_FOUND"],
  ])("says what is wrong with %j", async (typed, code, fault) => {
    await using desk = await Desk.sitDown();
    await writeFile(join(desk.folder, "bad.json"), "{}");
    const said = await desk.type(...typed);
    expect(said.code).toBe(code);
    expect(said.err).toContain(fault);
  });
});
