import { createHash } from "node:crypto";
import { createReadStream, readFileSync, realpathSync } from "node:fs";
import { cp, mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

import { ask } from "./commands.ts";
import { madeOnce } from "./base.ts";
import type { Way } from "./outside.ts";

/**
 * What nodejs.org has of the Node that runs this, as far as that can be made here: its program, and the npm of this host.
 * The bytes are not the published ones, and so neither is the SHA-256.
 */
export async function nodeDist(): Promise<{ sha256: string; way: (prefix: string) => Way }> {
  const { version, arch, execPath } = process;
  const name = `node-${version}-linux-${arch}`;
  const npm = npmFolder();
  const { version: npmVersion } = JSON.parse(readFileSync(join(npm, "package.json"), "utf8")) as {
    version: string;
  };
  const folder = await madeOnce("node", `${name} npm ${npmVersion}, xz -1`, async (into) => {
    const tree = join(into, name);
    await mkdir(join(tree, "bin"), { recursive: true });
    await cp(execPath, join(tree, "bin", "node"));
    await cp(npm, join(tree, "lib", "node_modules", "npm"), { recursive: true, dereference: true });
    for (const tool of ["npm", "npx"]) {
      await symlink(`../lib/node_modules/npm/bin/${tool}-cli.js`, join(tree, "bin", tool));
    }
    await ask("tar", [
      "--use-compress-program=xz -1 -T0",
      "-cf",
      join(into, `${name}.tar.xz`),
      "-C",
      into,
      name,
    ]);
    await rm(tree, { recursive: true });
    await writeFile(join(into, "sha256"), await sha256Of(join(into, `${name}.tar.xz`)));
  });
  const archive = join(folder, `${name}.tar.xz`);
  const way =
    (prefix: string): Way =>
    async (request, response) => {
      if (request.url !== `${prefix}/${version}/${name}.tar.xz`) return false;
      response.writeHead(200, { "Content-Length": (await stat(archive)).size });
      await pipeline(createReadStream(archive), response);
      return true;
    };
  return { sha256: await readFile(join(folder, "sha256"), "utf8"), way };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Of the npm on PATH, which is a link into it. */
function npmFolder(): string {
  const folders = (process.env["PATH"] ?? "").split(":").map((folder) => join(folder, "npm"));
  for (const link of folders) {
    try {
      return dirname(dirname(realpathSync(link)));
    } catch {
      continue;
    }
  }
  throw new Error("there is no npm on PATH");
}
