import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { JsonSpool } from "../adapters/files/json-spool.ts";
import type { Config } from "../config/settle.ts";
import type { Acceptance } from "../ledger/steady-repo.ts";

/** Where a person's word lies for a node: its folder is its own, so it is asked rather than told. */
export function acceptanceSpool(nodeFolder: string): JsonSpool<Acceptance> {
  return new JsonSpool(join(nodeFolder, "accept-history.json"));
}

/** Lets every node that has run here go on with the history that has this head now. Answers their names. */
export async function acceptHistory({ state }: Config, head: string): Promise<string[]> {
  if (!existsSync(state)) return [];
  const folders = (await readdir(state)).filter((name) => /^(main|worker)-/.test(name));
  for (const folder of folders) await acceptanceSpool(join(state, folder)).write({ head });
  return folders;
}
