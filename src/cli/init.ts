import { resolve } from "node:path";

import type { Command } from "commander";

import { folderOf } from "../config/profile.ts";
import { nameFrom } from "../config/settle.ts";
import { NodeName } from "../core/ids.ts";
import { Fault } from "../fault.ts";
import type { Seeded } from "../wire/seed.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";

type Options = { remote?: string; branch?: string; name?: string };

export function setUp(command: Command, host: Host): void {
  command
    .argument("<folder>", "where it is to be: new, empty, or a repository that is there")
    .option("--remote <address>", "address or path of the repository that all machines share")
    .option("--branch <name>", "branch of the ledger; without it the remote's own, or main")
    .option("--name <name>", "name of this node; without it made from the host name")
    .addHelpText(
      "after",
      `\nBrings in what is missing of the template, commits and pushes it, and writes\npawl.config.yaml, which stays on this machine. Nothing that is there is overwritten, so it\nmay be run again at any time.\n${examples(
        "pawl init coordination --remote git@github.com:you/coordination.git",
        "pawl hub init ~/hub.git && pawl init coordination --remote ~/hub.git",
      )}`,
    )
    .action((folder: string, options: Options) => host.run(command, (cli) => init(cli, folder, options)));
}

async function init(cli: Cli, folder: string, { remote, branch, name }: Options): Promise<void> {
  const { around } = cli.world;
  const node = NodeName.safeParse(name ?? nameFrom(around.hostname));
  if (!node.success) {
    throw new Fault("USAGE", `--name ${name}: ${node.error.issues[0]?.message}`, {
      hint: "Such as --name laptop.",
    });
  }
  const hub = remote === undefined ? undefined : folderOf(remote);
  const seeded = await cli.world.seed({
    folder: resolve(around.cwd, folder),
    remote: hub === undefined ? remote : resolve(around.cwd, hub),
    branch,
    name: node.data,
  });
  cli.answer(seeded, () => seeded.folder);
  if (!cli.json) cli.tell(`${told(seeded).join("\n")}\n\nNext:\n${nextSteps(folder, seeded).join("\n")}`);
}

function told({ how, added, kept, branch, remote, pushed, configured }: Seeded): string[] {
  const made = {
    created: "A new repository",
    cloned: "A clone of the remote",
    found: "The repository that was there",
  };
  return [
    `${made[how]}, on branch ${branch}${remote === undefined ? "" : ` of ${remote}`}.`,
    added.length === 0 ? "Nothing of the template was missing." : `Added ${added.join(", ")}.`,
    ...(kept.length === 0 ? [] : [`Left as they are, though the template has others: ${kept.join(", ")}.`]),
    ...(configured ? ["Wrote pawl.config.yaml; it is about this machine and stays out of git."] : []),
    ...(pushed ? ["Pushed."] : []),
  ];
}

function nextSteps(folder: string, { remote }: Seeded): string[] {
  if (remote === undefined) {
    return [
      "  pawl hub init ~/hub.git                      a repository that all machines can reach,",
      `  pawl init ${folder} --remote ~/hub.git        or the address of an empty one on a host`,
    ];
  }
  return [
    `  cd ${folder} && pawl doctor     what is still missing`,
    "  pawl main                       on this machine, and leave it running",
    "  pawl worker                     on the machine that shall do the work",
    '  pawl submit "..."               the first task',
  ];
}
