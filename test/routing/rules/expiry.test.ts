import { expect, test } from "vitest";

import { expiryOf, saidExpiry } from "../../../src/routing/rules/expiry.ts";
import { anAction, anEvent } from "../../support/routing.ts";

const noRule = { expiresSeconds: undefined };

test.each([
  ["briefing.weekly", "2026-11-21T18:00:00.000Z"],
  ["incident", "2026-11-22T12:00:00.000Z"],
  ["chat", "2026-11-22T12:00:00.000Z"],
  ["result.cron", "2026-11-28T12:00:00.000Z"],
  ["action.input", "2026-11-28T12:00:00.000Z"],
  ["x.garden", "2026-11-28T12:00:00.000Z"],
])("news of %s is old at %s", (category, expected) => {
  expect(expiryOf(anEvent({ category }), noRule).toISOString()).toBe(expected);
});

test("a rule may see that differently, and the event knows best", () => {
  const event = anEvent({ category: "incident" });
  expect(expiryOf(event, { expiresSeconds: 60 }).toISOString()).toBe("2026-11-21T12:01:00.000Z");
  const said = anEvent({ category: "incident", expires: "2026-11-21T13:00:00Z" });
  expect(expiryOf(said, { expiresSeconds: 60 }).toISOString()).toBe("2026-11-21T13:00:00.000Z");
});

test("a question is over at its deadline, or before if it says so", () => {
  const action = anAction({ deadline: "2026-11-21T14:00:00Z" });
  expect(saidExpiry(anEvent({ action }))?.toISOString()).toBe("2026-11-21T14:00:00.000Z");
  expect(saidExpiry(anEvent({ action, expires: "2026-11-21T13:00:00Z" }))?.toISOString()).toBe(
    "2026-11-21T13:00:00.000Z",
  );
  expect(saidExpiry(anEvent({ action, expires: "2026-11-21T15:00:00Z" }))?.toISOString()).toBe(
    "2026-11-21T14:00:00.000Z",
  );
  expect(saidExpiry(anEvent())).toBeUndefined();
});
