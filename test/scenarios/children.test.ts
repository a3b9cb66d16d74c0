import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { must, Town } from "../support/town.ts";

const bin = resolve(import.meta.dirname, "../../bin/pawl.ts");

describe("a task that hands out its parts, on a real hub with real processes", { tags: ["slow"] }, () => {
  test(
    "waits for them without a slot, is started anew with their results, and hands nothing out twice",
    { timeout: 120_000 },
    async () => {
      await using town = await Town.make();
      await town.start("main", "main");
      await town.start("ada", "worker");
      // `pawl submit` as an agent would type it: without a configuration, and outside of any folder of ours.
      const submit = `'${process.execPath}' '${bin}' submit`;
      const prompt = `if [ -n "$PAWL_CHILDREN" ]; then cat "$PAWL_CHILDREN"/*.md | grep offer | sort; exit; fi
${submit} "echo offer of Acme: 12" --title Acme
printf -- '---\\ntitle: Bolt\\n---\\necho offer of Bolt: 9\\n' > "$PAWL_TASK_INBOX/bolt.md"
${submit} "echo now" --priority urgent || echo "compare them" > "$PAWL_TASK_INBOX/wait"`;
      const { id } = JSON.parse(
        must(await town.pawl("submit", prompt, "--title", "Compare", "--json")).stdout,
      );
      const parent = await ended(town, id);

      expect(parent).toMatchObject({ state: "succeeded", attempt: 2 });
      expect(parent["text"]).toBe("offer of Acme: 12\noffer of Bolt: 9");
      expect(parent["tried"]).toMatchObject([{ attempt: 1, end: "waiting", why: "compare them" }]);
      const children = parent["children"] as { id: string; title: string; state: string }[];
      expect(children.map(({ title, state }) => `${title} ${state}`).toSorted()).toEqual([
        "Acme succeeded",
        "Bolt succeeded",
      ]);
      const [child] = children;
      expect((await shown(town, child?.id ?? ""))["request"]).toMatchObject({ parent: id, by: id });
      expect(await town.git("show", "main:worker/QUEUE.md")).not.toContain("## T-");
      expect(must(await town.pawl("audit", "--json")).stdout).toContain('"legal": true');
      for (const node of ["ada", "main"]) expect(await town.end(node)).toBe(0);
    },
  );
});

async function ended(town: Town, id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const task = await shown(town, id);
    if ("text" in task) return task;
    await sleep(500);
  }
}

async function shown(town: Town, id: string): Promise<Record<string, unknown>> {
  return JSON.parse(must(await town.pawl("show", id, "--json")).stdout) as Record<string, unknown>;
}
