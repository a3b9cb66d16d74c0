import { readdir, readFile, stat } from "node:fs/promises";
import { basename, delimiter, dirname, join, resolve } from "node:path";

import { isOnPath } from "../../../worker/is-on-path.ts";
import { Fault } from "../../fault.ts";
import { declarationKey } from "../../openclaw/automation.ts";
import type { AutomationSeen, Facts } from "../../openclaw/facts.ts";
import type { Openclaw } from "../../openclaw/openclaw.ts";
import { heartbeatFile, skillFile } from "../../openclaw/plan.ts";
import type { Cli } from "../cli.ts";

/** Looks at what is there, and changes nothing. */
export async function gather(
  cli: Cli,
  openclaw: Openclaw,
  given: { workspace?: string | undefined },
): Promise<Facts> {
  const pawl = ownProgram(cli);
  const config = await configFile(cli);
  const { version, hears } = await openclaw.abilities();
  const workspace = await workspaceOf(cli, openclaw, given.workspace);
  const automation = hears === "stream" ? await findAutomation(openclaw) : ({ kind: "none" } as const);
  const texts = await Promise.all([skillFile(workspace), heartbeatFile(workspace)].map(withCopies));
  return { pawl, config, version, hears, workspace, automation, files: new Map(texts.flat()) };
}

/** The Gateway is a service with a PATH of its own, so it has to be told where we are. */
function ownProgram(cli: Cli): string {
  const { PATH = "" } = cli.world.around.env;
  const folder = PATH.split(delimiter).find((here) => here !== "" && isOnPath("pawl", here));
  if (folder !== undefined) return join(folder, "pawl");
  throw new Fault("NOT_ON_PATH", "There is no pawl on your PATH, so the agent could not run it", {
    hint: "Install it with `npm install --global pawl`, or `npm run build && npm link` in a checkout.",
  });
}

async function configFile(cli: Cli): Promise<string> {
  const { source } = await cli.config();
  if (source !== undefined) return source;
  throw new Fault("CONFIG_MISSING", "There is no configuration file that the agent's commands could name", {
    hint: "`pawl init` writes one; or name one with --config.",
  });
}

async function workspaceOf(cli: Cli, openclaw: Openclaw, given: string | undefined): Promise<string> {
  if (given === undefined) return openclaw.workspace();
  const folder = resolve(cli.world.around.cwd, given);
  if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  throw new Fault("FILE_NOT_FOUND", `There is no folder ${folder}`, {
    hint: "Without --workspace it is the one that OpenClaw uses.",
  });
}

async function findAutomation(openclaw: Openclaw): Promise<AutomationSeen> {
  try {
    const job = (await openclaw.jobs()).find((one) => one.declarationKey === declarationKey);
    return job === undefined ? { kind: "none" } : { kind: "found", job };
  } catch (error) {
    if (error instanceof Fault && error.code === "GATEWAY_UNREACHABLE")
      return { kind: "gateway-down", fault: error };
    throw error;
  }
}

/** The text of a file, and of what was kept beside it. */
async function withCopies(path: string): Promise<[path: string, text: string][]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const own = names.filter(
    (name) => name === basename(path) || name.startsWith(`${basename(path)}.before-pawl`),
  );
  const paths = own.map((name) => join(dirname(path), name));
  return Promise.all(paths.map(async (one): Promise<[string, string]> => [one, await readFile(one, "utf8")]));
}
