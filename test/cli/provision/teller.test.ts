import { describe, expect, test } from "vitest";

import { Cli } from "../../../src/cli/cli.ts";
import { Teller } from "../../../src/cli/provision/teller.ts";
import type { Progress } from "../../../provision/progress.ts";
import { Desk } from "../../support/desk.ts";

const price = { monthly: 12, hourly: 0.01786, currency: "USD" as const };

const story: Progress[] = [
  { event: "facts", source: "cloud", ms: 12 },
  { event: "right", step: "cloud.account", sentence: "the account may order servers" },
  { event: "planned", step: "cloud.server", sentence: "server w", because: "there is none", price },
  { event: "planned", step: "system.swap", sentence: "2 GB of swap", because: "there is none" },
  { event: "begun", step: "cloud.server", sentence: "server w" },
  { event: "waiting", step: "cloud.server", what: "the server starts", obstacle: "it is new", seconds: 2 },
  { event: "waiting", step: "cloud.server", what: "the server starts", obstacle: "it is new", seconds: 4 },
  { event: "output", step: "runtime.openclaw", line: "added 330 packages" },
  { event: "done", step: "cloud.server", sentence: "server w", ms: 31_420 },
  { event: "advice", text: "switch Actions off" },
  { event: "failed", step: "runtime.openclaw", code: "NPM_OOM", message: "killed", hint: "take more" },
  {
    event: "left",
    done: ["cloud.server"],
    exists: "server w, $12/month ($0.01786/h)",
    price,
    remove: "provision-worker w --destroy",
  },
  { event: "ended", changed: 1, right: 2, ms: 800 },
];

async function told({ json = false, isTerminal = false } = {}) {
  await using desk = await Desk.sitDown();
  desk.screens.err.isTerminal = isTerminal;
  const teller = new Teller(new Cli(desk.world, { json }));
  for (const progress of story) teller.tell(progress);
  teller[Symbol.dispose]();
  return { out: desk.screens.out.text, err: desk.screens.err.text };
}

describe("a run", () => {
  test("is a line for each step, and what is awaited once, where nobody can see it change", async () => {
    const { out, err } = await told();
    expect(out).toBe(`\
  ok cloud.account            the account may order servers
plan cloud.server             server w  $12/month ($0.01786/h)
plan system.swap              2 GB of swap  there is none
done cloud.server             server w  31.4 s
     switch Actions off
fail runtime.openclaw         NPM_OOM

Done so far: cloud.server.
What exists now: server w, $12/month ($0.01786/h)
Remove: provision-worker w --destroy
`);
    expect(err).toBe("cloud.server: the server starts (it is new)\n");
  });

  test("turns a spinner on a terminal, and leaves nothing of it", async () => {
    const { out, err } = await told({ isTerminal: true });
    expect(out).not.toContain("\u001b");
    expect(err).toContain("the server starts (it is new)");
    expect(err).toContain("added 330 packages");
    expect(err.endsWith("\r\u001b[2K")).toBe(true);
  });

  test("is a line of JSON for each event, for programs", async () => {
    const { out, err } = await told({ json: true, isTerminal: true });
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Progress),
    ).toEqual(story);
    expect(err).toBe("");
  });
});
