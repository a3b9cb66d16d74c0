import { describe, expect, test } from "vitest";

import { notice, type Asked } from "../../src/main/notice.ts";
import { askedAbout } from "../../src/routing/actions/asked-about.ts";
import { openActions } from "../../src/routing/deliveries/select.ts";
import { envelop } from "../../src/routing/envelop.ts";
import { aLedger } from "../support/ledgers.ts";
import { PostOffice } from "../support/post-office.ts";
import { networks, routingOf } from "../support/routing.ts";
import { anId, aTask } from "../support/tasks.ts";

const waiting = aTask({ request: { approval: "required" }, state: { kind: "needs-approval" } });
const about = { at: "2026-11-21T10:00:00Z", offerRetry: true };

async function officeAsking(): Promise<PostOffice> {
  const office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
  await office.open();
  for (const event of notice(undefined, await aLedger([waiting]), [])) {
    const envelope = envelop(event, about);
    if (envelope) await office.tell(envelope);
  }
  return office;
}

describe("a question that was asked before main was ended", () => {
  test("is over when its task no longer waits, and its message says so", async () => {
    const office = await officeAsking();
    expect(office.channel("owner").shown).toHaveLength(1);
    await office.open();
    const asked = askedAbout(openActions(office.courier.state));
    expect(asked).toMatchObject([{ task: waiting.id, asked: "needs-approval" }]);
    for (const event of notice(undefined, await aLedger([aTask()]), [], asked)) {
      const envelope = envelop(event, { ...about, at: "2026-11-21T11:00:00Z" });
      if (envelope) await office.tell(envelope);
    }
    expect(openActions(office.courier.state)).toEqual([]);
    expect(office.channel("owner").texts[0]).toMatch(/No longer asked/);
  });

  test("stays as long as its task waits", async () => {
    const asked: Asked[] = [{ task: waiting.id, title: "x", asked: "needs-approval" }];
    const events = notice(undefined, await aLedger([waiting]), [], asked);
    expect(events.map(({ kind }) => kind)).toEqual(["approval-wanted"]);
  });

  test("is over when its task is gone", async () => {
    const asked: Asked[] = [{ task: anId(7), title: "x", asked: "needs-human" }];
    expect(notice(undefined, await aLedger([]), [], asked)).toEqual([
      { kind: "task-decided", task: anId(7), title: "x", asked: "needs-human", how: "was cancelled" },
    ]);
  });

  test("is over with how it ended, when its task went on and was done meanwhile", async () => {
    const asked: Asked[] = [{ task: anId(7), title: "x", asked: "needs-approval" }];
    const ledger = { ...(await aLedger([])), outcomes: new Map([[anId(7), "succeeded" as const]]) };
    expect(notice(undefined, ledger, [], asked)).toMatchObject([{ how: "has ended: succeeded" }]);
  });

  test("is left alone where it asks what to do about a task that has ended", async () => {
    const office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
    await office.open();
    const ended = { title: "x", outcome: "failed", why: "no", by: undefined, category: undefined } as const;
    const envelope = envelop({ kind: "task-ended", task: anId(7), ...ended }, about);
    if (envelope) await office.tell(envelope);
    const open = openActions(office.courier.state);
    expect(open).toHaveLength(1);
    expect(askedAbout(open)).toEqual([]);
  });
});
