import { describe, expect, test } from "vitest";

import { MemoryHub } from "../../../src/adapters/memory/memory-hub.ts";
import { Mirror } from "../../../src/routing/courier/mirror.ts";
import type { Entry } from "../../../src/routing/entry.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { anEvent } from "../../support/routing.ts";

function mirrorOn(hub: MemoryHub, pushing: () => void = () => undefined) {
  const clock = new HandClock();
  const repo = hub.open("main", clock);
  return new Mirror({
    repo,
    clock,
    pushing,
    blank: (text) => text.replaceAll("hunter22", "[secret]"),
    async begin(files) {
      hub.swap(hub.head, { files, message: "begin", author: "main", at: "" });
    },
  });
}

const event = (n: number, at = "2026-11-21T09:00:00.000Z", given: object = {}): Entry => ({
  at,
  t: "event",
  envelope: anEvent(given, n),
});
const pages = (hub: MemoryHub) => [...(hub.commits.get(hub.head ?? "")?.files.keys() ?? [])];

describe("the copy of the journal", () => {
  test("begins its branch, goes on with it, and is read by another machine", async () => {
    const hub = new MemoryHub();
    await mirrorOn(hub).add([event(1)]);
    await mirrorOn(hub).add([event(2), event(3, "2026-11-20T23:59:59.000Z")]);
    expect(pages(hub)).toEqual(["deliveries/2026/11/21.ndjson", "deliveries/2026/11/20.ndjson"]);
    expect(await mirrorOn(hub).read()).toEqual([event(3, "2026-11-20T23:59:59.000Z"), event(1), event(2)]);
  });

  test("says of each push that it is made, and of nothing else", async () => {
    const hub = new MemoryHub();
    let pushes = 0;
    const mirror = mirrorOn(hub, () => pushes++);
    await mirror.add([event(1)]);
    await mirror.add([event(2)]);
    await mirror.add([event(2)]);
    await mirror.read();
    expect(pushes).toBe(2);
  });

  test("is nothing where there is no branch", async () => {
    expect(await mirrorOn(new MemoryHub()).read()).toEqual([]);
  });

  test("has an entry once, though nobody answered whether it is there", async () => {
    const hub = new MemoryHub();
    await mirrorOn(hub).add([event(1)]);
    const { head } = hub;
    await mirrorOn(hub).add([event(1)]);
    expect(hub.head).toBe(head);
  });

  test("begins another page when one is full", async () => {
    const hub = new MemoryHub();
    const long = (n: number) => event(n, undefined, { summary: "x".repeat(1000) });
    for (let batch = 0; batch < 2; batch++) {
      await mirrorOn(hub).add(Array.from({ length: 600 }, (_, n) => long(batch * 600 + n)));
    }
    expect(pages(hub)).toEqual(["deliveries/2026/11/21.ndjson", "deliveries/2026/11/21-2.ndjson"]);
    expect(await mirrorOn(hub).read()).toHaveLength(1200);
  });

  test("holds no secret and no long body", async () => {
    const hub = new MemoryHub();
    await mirrorOn(hub).add([
      event(1, undefined, { title: "hunter22" }),
      event(2, undefined, { body: "b".repeat(20_000) }),
    ]);
    const [text = ""] = hub.commits.get(hub.head ?? "")?.files.values() ?? [];
    expect(text).toContain("[secret]");
    expect(text).not.toMatch(/hunter22|bbbb/);
  });
});
