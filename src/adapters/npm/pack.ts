import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";

import { Fault } from "../../fault.ts";

const longestMs = 300_000;

/** What stands in a checkout beside the package's own files, or is made of them. */
const notPacked = new Set(["node_modules", ".git", "dist", "test", "bench", "coverage"]);

/**
 * The tarball of the package in `folder`, as `npm install` takes it: of an installed one as it lies there, of a checkout
 * after building a copy of it, so that nobody who works in the checkout is disturbed. What was packed last is kept
 * under `cache` by its content.
 */
export async function packPackage(
  folder: string,
  { cache, env }: { cache: string; env: Readonly<Record<string, string | undefined>> },
): Promise<Buffer> {
  const digest = await digestOf(folder);
  const kept = join(cache, `${digest}.tgz`);
  if (!existsSync(kept)) {
    await mkdir(cache, { recursive: true });
    const scratch = await mkdtemp(join(cache, "pack-"));
    try {
      const tarball = await pack(folder, scratch, env);
      for (const old of await readdir(cache)) if (old.endsWith(".tgz")) await rm(join(cache, old));
      await rename(tarball, kept);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  return readFile(kept);
}

async function pack(
  folder: string,
  scratch: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const isCheckout = existsSync(join(folder, "tsconfig.build.json"));
  const from = isCheckout ? await copyOf(folder, join(scratch, "checkout")) : folder;
  const args = [
    "pack",
    "--silent",
    "--pack-destination",
    scratch,
    ...(isCheckout ? [] : ["--ignore-scripts"]),
  ];
  try {
    await promisify(execFile)("npm", args, { cwd: from, env, timeout: longestMs, maxBuffer: 2 ** 24 });
  } catch (error) {
    throw npmFault(error);
  }
  const tarball = (await readdir(scratch)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw npmFault(undefined);
  return join(scratch, tarball);
}

async function copyOf(folder: string, to: string): Promise<string> {
  await cp(folder, to, {
    recursive: true,
    filter: (path) => path === folder || !notPacked.has(basename(path)),
  });
  await symlink(join(folder, "node_modules"), join(to, "node_modules"));
  return to;
}

/** SHA-256 of names and contents of all files that may go into the package. */
async function digestOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const skipped = existsSync(join(folder, "tsconfig.build.json")) ? notPacked : new Set(["node_modules"]);
  const walk = async (at: string, under: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (skipped.has(entry.name)) continue;
      const path = join(at, entry.name);
      const name = join(under, entry.name);
      if (entry.isDirectory()) await walk(path, name);
      else if (entry.isFile()) {
        const content = await readFile(path);
        hash.update(`${name}\n${content.length}\n`).update(content);
      }
    }
  };
  await walk(folder, "");
  return hash.digest("hex").slice(0, 32);
}

function npmFault(error: unknown): Fault {
  const { code, stdout, stderr } = (error ?? {}) as { code?: unknown; stdout?: unknown; stderr?: unknown };
  if (code === "ENOENT") {
    return new Fault("NPM_FAILED", "npm is not on the PATH here, and packs what the worker gets", {
      hint: "Put the npm that came with Node on the PATH and run the same again.",
    });
  }
  // npm complains on one, the compiler that it runs on the other.
  const said = [stdout, stderr].filter((text) => typeof text === "string").join("\n");
  const lines = said.trim().split("\n").slice(-3).join(" | ");
  return new Fault("NPM_FAILED", `npm could not pack this package: ${lines || "it said nothing"}`, {
    hint: "`npm pack` in its folder shows all of it.",
  });
}
