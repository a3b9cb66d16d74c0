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

/** The nodes of this machine that wait for a person to accept a history that was replaced, and why. */
export async function forkedNodes({ state }: Config): Promise<{ node: string; why: string }[]> {
  const nodes: { node: string; why: string }[] = [];
  for (const node of await nodeFolders(state)) {
    const why = (await acceptanceSpool(join(state, node)).read())?.forked;
    if (why !== undefined) nodes.push({ node, why });
  }
  return nodes;
}

/** Lets every node that has run here go on with the history that has this head now. Answers their names. */
export async function acceptHistory({ state }: Config, head: string): Promise<string[]> {
  const folders = await nodeFolders(state);
  for (const folder of folders) await acceptanceSpool(join(state, folder)).write({ head });
  return folders;
}

async function nodeFolders(state: string): Promise<string[]> {
  if (!existsSync(state)) return [];
  return (await readdir(state)).filter((name) => /^(main|worker)-/.test(name)).toSorted();
}
