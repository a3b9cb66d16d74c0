import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { parse } from "yaml";

import { Fault } from "../../fault.ts";
import { explain } from "../../routing/rules/explain.ts";
import { Fixtures, tested } from "../../routing/rules/fixtures.ts";
import type { Cli } from "../cli.ts";

/** Exit code 1 where an event does not go where the file says. */
export async function testRules(cli: Cli, file: string): Promise<number> {
  const { routing } = await cli.config();
  const outcomes = tested(await readFixtures(resolve(cli.world.around.cwd, file)), routing);
  const failed = outcomes.filter(({ ok }) => !ok);
  cli.answer({ outcomes }, () =>
    [
      ...outcomes.map(({ name, ok, expected, got }) =>
        ok
          ? `${cli.paint("green", "✓")} ${name}`
          : `${cli.paint("red", "✗")} ${name}: expected ${expected}, got ${got}`,
      ),
      ...failed.flatMap(({ envelope, plan }) =>
        explain({ envelope, plan, routing, now: new Date(envelope.at) }),
      ),
      `${outcomes.length - failed.length} of ${outcomes.length} go where they should`,
    ].join("\n"),
  );
  return failed.length === 0 ? 0 : 1;
}

async function readFixtures(path: string): Promise<Fixtures> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new Fault("FILE_NOT_FOUND", `${path} cannot be read: ${error.message}`, {
      hint: "docs/routing.md shows what stands in such a file.",
    });
  });
  const read = Fixtures.safeParse(yaml(text, path));
  if (read.success) return read.data;
  const told = read.error.issues.map(
    (issue) => `${path}: ${issue.path.map(String).join(".")}: ${issue.message}`,
  );
  throw new Fault("USAGE", told.join("\n"), { hint: "docs/routing.md shows what stands in such a file." });
}

function yaml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Fault("USAGE", `${path}: ${(error as Error).message}`, { hint: "It has to be YAML or JSON." });
  }
}
