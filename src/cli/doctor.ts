import type { Command } from "commander";

import { Fault } from "../fault.ts";
import type { Cli } from "./cli.ts";
import { checkHistory, checkHub, checkLedger, checkRemote } from "./doctor/ledger-checks.ts";
import { checkDriver } from "./doctor/driver-check.ts";
import { checkConfigFile, checkExecutors, checkMachine } from "./doctor/machine-checks.ts";
import { checkWatchdog } from "./doctor/watchdog-check.ts";
import type { Finding } from "./doctor/finding.ts";
import { examples, type Host } from "./host.ts";

export function setUp(command: Command, host: Host): void {
  command
    .addHelpText(
      "after",
      `\n✓ is in order, ! works but could be better, ✗ has to be mended. Exits with 1 when there is\nany ✗. Nothing is changed, and nothing is pushed.\n${examples("pawl doctor", "pawl doctor --json | jq '.findings[] | select(.level == \"bad\")'")}`,
    )
    .action(() => host.run(command, doctor));
}

async function doctor(cli: Cli): Promise<number> {
  const findings: Finding[] = [];
  const note = (found: Finding[]) => {
    findings.push(...found);
    if (!cli.json) for (const finding of found) cli.world.out.write(`${lineOf(cli, finding)}\n`);
  };
  const probe = await cli.world.probe();
  const config = await orFinding("configuration", () => cli.config());
  note(await checkMachine(cli, probe));
  if ("level" in config) {
    note([config]);
  } else {
    note(await checkConfigFile(cli, config, probe));
    note(await checkExecutors(cli, config));
    note([await checkDriver(cli, config, probe), checkWatchdog(cli, config, probe)]);
    note(await checkHub(config, probe));
    note(await checkHistory(config, probe));
    const remote = await checkRemote(cli, config, probe);
    note(remote.findings);
    if (remote.ledger) note(checkLedger(config, remote));
  }
  const bad = findings.filter(({ level }) => level === "bad").length;
  if (cli.json) cli.answer({ ok: bad === 0, findings }, () => "");
  else if (bad > 0) cli.tell(`\n${bad} to mend.`);
  return bad > 0 ? 1 : 0;
}

async function orFinding<Value>(about: string, ask: () => Promise<Value>): Promise<Value | Finding> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { about, level: "bad", seen: error.message, todo: error.hint };
  }
}

const signs = { ok: "✓", warn: "!", bad: "✗" } as const;
const colours = { ok: "green", warn: "yellow", bad: "red" } as const;

function lineOf(cli: Cli, { about, level, seen, todo }: Finding): string {
  const head = `${cli.paint(colours[level], signs[level])} ${about.padEnd(14)} ${seen}`;
  return todo === undefined ? head : `${head}\n${" ".repeat(17)}${cli.paint("dim", `→ ${todo}`)}`;
}
