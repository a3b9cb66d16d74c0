import { describe, expect, test } from "vitest";

import { approvalDigest } from "../../src/format/approval.ts";
import { Desk } from "../support/desk.ts";
import { queueText } from "../support/ledgers.ts";
import { aTask, anId } from "../support/tasks.ts";

const asking = aTask({
  title: "Delete the old backups",
  prompt: "All that are older than a year.",
  request: { approval: "required" },
  state: { kind: "needs-approval" },
});
const queue = queueText([asking]);
const digest = approvalDigest(asking);

describe("approve", () => {
  test("lets the task run, and says so where it stands", async () => {
    await using desk = await Desk.sitDown({ queue });
    expect(await desk.type("approve", anId(), "--yes")).toMatchObject({
      code: 0,
      out: `${anId()} is approved.\n`,
    });
    expect(await desk.json("show", anId())).toMatchObject({
      state: "queued",
      approved: { by: "ada", stands: true },
    });
    expect(desk.file("worker/QUEUE.md")).toMatch(new RegExp(`^- approved: ada \\S+Z ${digest}$`, "m"));
    expect(desk.poked).toHaveLength(1);
  });

  test("twice changes nothing, and tells who it was", async () => {
    await using desk = await Desk.sitDown({ queue });
    await desk.type("approve", anId(), "--yes");
    const { out, code } = await desk.type("approve", anId(), "--yes", "--by", "eve");
    expect({ out, code }).toEqual({ out: `${anId()} was approved by ada before.\n`, code: 0 });
  });

  test("is void once the task says something else", async () => {
    await using desk = await Desk.sitDown({ queue });
    await desk.type("approve", anId(), "--yes");
    desk.push({ "worker/QUEUE.md": desk.file("worker/QUEUE.md")?.replace("a year", "a day") ?? "" });
    expect((await desk.type("show", anId())).out).toContain("void, the task was edited afterwards");
  });

  test("of something else than is there now is refused", async () => {
    await using desk = await Desk.sitDown({ queue: queue.replace("a year", "a day") });
    const { code, err } = await desk.type("approve", anId(), "--digest", digest);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining("APPROVAL_STALE") as string,
    });
  });

  test("asks for a word where nobody can be asked", async () => {
    await using desk = await Desk.sitDown({ queue });
    const { code, err } = await desk.type("approve", anId());
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("--digest") as string });
  });
});

describe("reject", () => {
  test("ends the task as cancelled", async () => {
    await using desk = await Desk.sitDown({ queue });
    expect(await desk.type("reject", anId())).toMatchObject({ code: 0 });
    expect(await desk.json("show", anId())).toMatchObject({ state: "cancelled" });
  });

  test("leaves alone what nobody asked about", async () => {
    await using desk = await Desk.sitDown({ queue: queueText([aTask()]) });
    expect(await desk.type("reject", anId())).toMatchObject({
      code: 1,
      err: expect.stringContaining("queued") as string,
    });
  });
});
