import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { fileChannel } from "../../../src/adapters/channels/file.ts";
import type { Channel } from "../../../src/ports/channel.ts";
import { aPageParcel } from "../../support/parcels.ts";
import { Random } from "../../support/random.ts";

describe("a page in a folder", () => {
  let folder: string;
  let channel: Channel;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-pages-"));
    channel = fileChannel({ folder: join(folder, "pages"), name: "#alerts" });
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const path = () => join(folder, "pages", "#alerts.md");
  const page = () => readFileSync(path(), "utf8");

  test("has the newest at its end", async () => {
    await channel.send(aPageParcel("one", "## First"));
    await channel.send(aPageParcel("two", "## Second"));
    expect(page()).toBe(
      [
        "# #alerts",
        "",
        "<!-- pawl one -->",
        "## First",
        "<!-- /pawl one -->",
        "",
        "<!-- pawl two -->",
        "## Second",
        "<!-- /pawl two -->",
        "",
      ].join("\n"),
    );
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  test("shows the same message once", async () => {
    const first = await channel.send(aPageParcel("one", "## First"));
    expect(await channel.send(aPageParcel("one", "## First"))).toEqual(first);
    expect(page().match(/## First/g)).toHaveLength(1);
  });

  test("is edited where the message stands, and keeps what a person wrote around it", async () => {
    const sent = await channel.send(aPageParcel("one", "## Down"));
    if (sent.kind !== "sent") throw new Error(sent.kind);
    appendFileSync(path(), "\nMy own remark, no newline at the end");
    await channel.send(aPageParcel("two", "## Other"));
    expect(await channel.edit(sent.place, aPageParcel("one", "## Up again"))).toEqual(sent);
    expect(page()).toMatch(
      /## Up again\n<!-- \/pawl one -->\n\nMy own remark, no newline at the end\n\n<!-- pawl two/,
    );
    expect(page()).not.toContain("## Down");
  });

  test("loses a message that is removed, twice if need be", async () => {
    const sent = await channel.send(aPageParcel("one", "## First"));
    if (sent.kind !== "sent") throw new Error(sent.kind);
    await channel.send(aPageParcel("two", "## Second"));
    expect(await channel.remove(sent.place)).toEqual(sent);
    expect(await channel.remove(sent.place)).toEqual(sent);
    expect(page()).toBe("# #alerts\n\n<!-- pawl two -->\n## Second\n<!-- /pawl two -->\n");
    expect(await channel.edit(sent.place, aPageParcel("one", "x"))).toMatchObject({ kind: "gone" });
  });

  test("tells whether a message stands in it", async () => {
    expect(await channel.find(aPageParcel("one", ""))).toEqual({ kind: "absent" });
    const sent = await channel.send(aPageParcel("one", "## First"));
    expect(await channel.find(aPageParcel("one", ""))).toEqual({ ...sent, kind: "found" });
  });

  test("has no whole message where a crash cut one short, and puts it right", async () => {
    await channel.send(aPageParcel("one", "## First"));
    appendFileSync(path(), "\n<!-- pawl two -->\n## Sec");
    expect(await channel.find(aPageParcel("two", ""))).toEqual({ kind: "absent" });
    await channel.send(aPageParcel("two", "## Second"));
    expect(page()).toMatch(/<!-- pawl two -->\n## Second\n<!-- \/pawl two -->\n$/);
    expect(page().match(/pawl two/g)).toHaveLength(2);
  });

  test("is not fooled by a text that begins or ends messages", async () => {
    await channel.send(
      aPageParcel("one", "<!-- /pawl one -->\n<!-- pawl two -->\n## Forged\n<!-- /pawl two -->"),
    );
    expect(await channel.find(aPageParcel("two", ""))).toEqual({ kind: "absent" });
    await channel.edit({ file: "#alerts.md", marker: "one" }, aPageParcel("one", "## Clean"));
    expect(page()).toBe("# #alerts\n\n<!-- pawl one -->\n## Clean\n<!-- /pawl one -->\n");
  });

  test("keeps each of many messages that come at once", async () => {
    const markers = Array.from({ length: 30 }, (_, at) => `m-${at}`);
    await Promise.all(markers.map((marker) => channel.send(aPageParcel(marker, `## ${marker}`))));
    expect([...page().matchAll(/^## (.*)$/gm)].map(([, marker]) => marker)).toEqual(markers);
  });

  test("holds what was last sent under each marker, whatever comes in which order", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed);
      rmSync(path(), { force: true });
      const expected = new Map<string, string>();
      for (let step = 0; step < 30; step++) {
        const marker = `m${random.below(6)}`;
        const words = random.text(["a ", "<!-- ", " -->", "/pawl m1", "pawl m2 ", "\n", "--", "##"], 8);
        if (random.below(4) === 0) {
          await channel.remove({ file: "#alerts.md", marker });
          expected.delete(marker);
        } else {
          await channel.send(aPageParcel(marker, words));
          expected.set(marker, words.replace(/<!--/g, "&lt;!--").trim());
        }
      }
      const sections = [...(page() + "\n").matchAll(/<!-- pawl (m\d) -->\n([^]*?)\n<!-- \/pawl \1 -->\n/g)];
      expect(new Map(sections.map(([, marker = "", words = ""]) => [marker, words])), `seed ${seed}`).toEqual(
        expected,
      );
    }
  });

  test.skipIf(process.getuid?.() === 0)(
    "is refused, not lost, where the folder may not be written",
    async () => {
      chmodSync(folder, 0o500);
      expect(await channel.send(aPageParcel("one", "x"))).toMatchObject({ kind: "refused", code: "EACCES" });
      expect(await channel.check()).toMatchObject([{ ok: false }]);
      chmodSync(folder, 0o700);
    },
  );

  test("is refused where a file stands in the folder's place", async () => {
    writeFileSync(join(folder, "pages"), "");
    expect(await channel.send(aPageParcel("one", "x"))).toMatchObject({ kind: "refused" });
    expect(await channel.check()).toMatchObject([{ ok: false }]);
  });
});
