import { copyFile, mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join, resolve } from "node:path";

import { commitFiles, openCheckout, pushIfAhead } from "../adapters/git/seed.ts";
import type { Author } from "../adapters/git/commit.ts";

export type Seeding = {
  folder: string;
  remote: string | undefined;
  branch: string | undefined;
  name: string;
};

/** What was done to make a folder a coordination repository. */
export type Seeded = {
  folder: string;
  branch: string;
  remote: string | undefined;
  how: "created" | "cloned" | "found";
  added: string[];
  /** Files of the template that a person's own version of is there. */
  kept: string[];
  /** The configuration was written, as opposed to found. */
  configured: boolean;
  pushed: boolean;
};

const configName = "pawl.config.yaml";

/** Brings in what is missing of the template. Whatever is there stays as it is. */
export async function seed({ folder, remote, branch, name }: Seeding): Promise<Seeded> {
  const opened = await openCheckout({ folder: resolve(folder), remote, branch, sshCommand: undefined });
  const target = opened.checkout.folder;
  const { added, kept } = await copyMissing(templateFolder(), target);
  const author: Author = { name, email: `${name}@pawl.invalid` };
  await commitFiles(opened.checkout, { files: added, message: "Begin to coordinate with pawl", author });
  const configured = await writeConfig(target, { remote: opened.remote, branch: opened.branch, name });
  const pushed = await pushIfAhead(opened);
  return {
    folder: target,
    branch: opened.branch,
    remote: opened.remote,
    how: opened.how,
    added,
    kept,
    configured,
    pushed,
  };
}

async function copyMissing(from: string, to: string): Promise<{ added: string[]; kept: string[] }> {
  const added: string[] = [];
  const kept: string[] = [];
  for (const path of await filesIn(from)) {
    const there = await readFile(join(to, path)).catch(ifMissing);
    if (there === undefined) {
      await mkdir(dirname(join(to, path)), { recursive: true });
      await copyFile(join(from, path), join(to, path));
      added.push(path);
    } else if (!there.equals(await readFile(join(from, path)))) {
      kept.push(path);
    }
  }
  return { added, kept };
}

async function filesIn(folder: string): Promise<string[]> {
  const paths = await readdir(folder, { recursive: true });
  const files: string[] = [];
  for (const path of paths.toSorted()) if ((await stat(join(folder, path))).isFile()) files.push(path);
  return files;
}

/** The configuration is this machine's own: in the repository it would tell every machine to be this one. */
async function writeConfig(
  folder: string,
  { remote, branch, name }: { remote: string | undefined; branch: string; name: string },
): Promise<boolean> {
  const path = join(folder, configName);
  if ((await readFile(path).catch(ifMissing)) !== undefined) return false;
  const lines = [
    "# What pawl does on this machine. `pawl config schema` lists all keys.",
    remote === undefined
      ? "# remote: git@example.com:you/coordination.git"
      : `remote: ${JSON.stringify(remote)}`,
    `branch: ${branch}`,
    `name: ${name}`,
  ];
  await writeFile(path, `${lines.join("\n")}\n`);
  const exclude = join(folder, ".git", "info", "exclude");
  await mkdir(dirname(exclude), { recursive: true });
  const text = (await readFile(exclude, "utf8").catch(ifMissing)) ?? "";
  if (!text.split("\n").includes(`/${configName}`)) {
    await writeFile(exclude, `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}/${configName}\n`);
  }
  return true;
}

/** The checkout and the built package have this file at different heights. */
export function templateFolder(): string {
  const path = findPackageJSON("..", import.meta.url);
  if (path === undefined) throw new Error("pawl has lost its package.json");
  return join(dirname(path), "coordination-template");
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
