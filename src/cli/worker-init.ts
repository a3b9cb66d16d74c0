import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { configNames } from "../config/find-config.ts";
import { folderOf } from "../config/profile.ts";
import { nameFrom } from "../config/settle.ts";
import { diskFault, Fault } from "../fault.ts";
import { workerFiles } from "../openclaw/worker-files.ts";
import type { Cli } from "./cli.ts";

const openclawName = "openclaw.worker.json";
const pawlName = "pawl.config.yaml";

type Given = { dir: string; remote?: string | undefined; name?: string | undefined };
type Written = { folder: string; wrote: string[]; kept: string[] };

/** Writes a worker's two files into a folder. Whatever is there stays as it is. */
export async function initWorker(cli: Cli, { dir, remote, name }: Given): Promise<void> {
  const { around } = cli.world;
  const folder = resolve(around.cwd, dir);
  const hub = remote === undefined ? undefined : folderOf(remote);
  const { openclaw, pawl } = workerFiles({
    openclawPath: join(folder, openclawName),
    remote: hub === undefined ? remote : resolve(around.cwd, hub),
    name: name ?? nameFrom(around.hostname),
  });
  await makeFolder(folder);
  // Two configurations in one folder are refused, whatever their endings.
  const theirs = configNames.find((known) => existsSync(join(folder, known))) ?? pawlName;
  const files: [name: string, text: string][] = [
    [theirs, pawl],
    [openclawName, openclaw],
  ];
  const written: Written = { folder, wrote: [], kept: [] };
  for (const [file, text] of files) {
    ((await isNew(join(folder, file), text)) ? written.wrote : written.kept).push(file);
  }
  cli.answer(written, () => folder);
  if (!cli.json) cli.tell(told(written).join("\n"));
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (!hasCode(error, "EEXIST", "ENOTDIR")) throw diskFault(folder, error);
    throw new Fault("FILE_IN_THE_WAY", `${folder} is no folder`, {
      hint: "Name another one with --dir.",
      cause: error,
    });
  }
}

/** Writes the file, unless something of its name is there. */
async function isNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw diskFault(path, error);
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

function told({ folder, wrote, kept }: Written): string[] {
  const isUnused = wrote.includes(openclawName) && !wrote.includes(pawlName);
  return [
    ...(wrote.length === 0 ? [] : [`Wrote ${wrote.join(" and ")}.`]),
    ...(kept.length === 0 ? [] : [`Left as they are: ${kept.join(" and ")}.`]),
    ...(isUnused
      ? [`To use it, write \`config: ${join(folder, openclawName)}\` under executors.openclaw.`]
      : []),
    "",
    "Next:",
    "  pawl config check     once the remote, the model and its key are those you want",
    "  pawl doctor           what is still missing",
    "  pawl worker           and leave it running",
  ];
}
