import { expect, test } from "vitest";

import { childResults } from "../../../worker/children/child-results.ts";
import { aLedger } from "../../support/ledgers.ts";
import { adasTask, anId, aTask } from "../../support/tasks.ts";

const now = new Date("2026-11-21T12:00:00Z");
const ended = (n: number) =>
  `---\nid: ${anId(n)}\ntitle: Ask Acme\noutcome: succeeded\nattempt: 1\nended: 2026-11-21T11:00:00Z\nparent: ${anId()}\n---\n\n12 USD\n`;
const files = { [`worker/RESULTS/${anId(2)}.md`]: ended(2), [`worker/RESULTS/${anId(3)}.md`]: ended(3) };
const open = aTask({ id: anId(4), title: "Ask Bolt", request: { parent: anId() } });

test("an attempt gets the results that were waited for, and hears of what an earlier one handed out beside them", async () => {
  const parent = adasTask({ attempt: 2, children: [anId(2), anId(9)] });
  const { snapshot } = await aLedger([parent, open], files);
  expect(await childResults(snapshot, parent, now)).toEqual([
    { id: anId(2), text: ended(2) },
    { id: anId(9), text: undefined },
    { id: anId(4), text: undefined, title: "Ask Bolt", state: "queued" },
    { id: anId(3), text: ended(3), title: "Ask Acme", state: "succeeded" },
  ]);
});

test("a first attempt has handed out nothing", async () => {
  const { snapshot } = await aLedger([adasTask(), open], files);
  expect(await childResults(snapshot, adasTask(), now)).toEqual([]);
});
