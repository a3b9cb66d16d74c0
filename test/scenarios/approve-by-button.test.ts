import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { PostMain } from "../soak/mail/post-main.ts";

const queue = `# Queue

## Inbox

## T-20261121-aaaaa Delete the old invoices

- state: queued
- created: 2026-11-21T09:00:00Z
- approval: required

All of them that are older than ten years.
`;

describe("a task that needs a person's consent", { tags: ["slow"] }, () => {
  test("is approved by a button in Telegram, though main dies at once after the press", async () => {
    await using main = await PostMain.make();
    main.start();
    await until(() => main.isAtWork);
    main.plant({ "worker/QUEUE.md": queue });
    const shown = () => main.telegram.people.sees(main.owner);
    await until(() => shown().some(({ text }) => text.includes("Delete the old invoices")));
    const { toast } = main.telegram.people.presses(main.owner, "✅ Approve");
    expect((await toast).text).toBe("Recorded");
    await main.kill();
    main.start();
    await until(() => main.read("worker/QUEUE.md").includes("- approved: owner"));
    await until(() => shown().some(({ text }) => text.includes("Approved by owner")));
    expect(shown().filter(({ buttons }) => buttons.length > 0)).toEqual([]);
    expect(main.telegram.complaints).toEqual([]);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(100);
}
