import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";

import { cacheFolder } from "./base.ts";
import type { Way } from "./outside.ts";
import { packument, type StandIn } from "./stand-in.ts";

/**
 * npm's registry as this host's npm knows it, kept in the cache: archives for ever, and for a day what there is of a
 * package. `base`: what the addresses in its answers begin with.
 */
export function npmWay(base: string, standIns: readonly StandIn[]): Way {
  const prefix = new URL(base).pathname;
  const registry = execFileSync("npm", ["config", "get", "registry"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  })
    .trim()
    .replace(/\/$/, "");
  return async ({ url = "", headers }, response) => {
    if (!url.startsWith(`${prefix}/`)) return false;
    const path = url.slice(prefix.length);
    const ours = standIns.find(({ name }) => path === `/${name}` || path.startsWith(`/${name}/-/`));
    if (ours) return answerFor(ours, path, `${base}/${ours.name}/-/${ours.version}.tgz`, response);
    const accept = path.endsWith(".tgz") ? "*/*" : (headers.accept ?? "*/*");
    const { status, type, body } = await kept(`${registry}${path}`, accept);
    const isArchive = path.endsWith(".tgz");
    const answer = isArchive ? body : Buffer.from(body.toString().replaceAll(`${registry}/`, `${base}/`));
    response.writeHead(status, { "Content-Type": type, "Content-Length": answer.length }).end(answer);
    return true;
  };
}

function answerFor(ours: StandIn, path: string, tarballUrl: string, response: ServerResponse): true {
  if (path === `/${ours.name}`) {
    response
      .writeHead(200, { "Content-Type": "application/json" })
      .end(JSON.stringify(packument(ours, tarballUrl)));
  } else {
    response.writeHead(200, { "Content-Type": "application/octet-stream" }).end(ours.tarball);
  }
  return true;
}

type Kept = { status: number; type: string; body: Buffer };

async function kept(url: string, accept: string): Promise<Kept> {
  const folder = join(cacheFolder(), "npm");
  const path = join(folder, createHash("sha256").update(`${accept} ${url}`).digest("hex"));
  const isFresh = existsSync(path) && (url.endsWith(".tgz") || (await stat(path)).mtimeMs > Date.now() - day);
  if (isFresh) return { status: 200, type: accept.split(/[;,]/)[0] ?? accept, body: await readFile(path) };
  const answer = await fetch(url, { headers: { accept }, signal: AbortSignal.timeout(120_000) });
  const body = Buffer.from(await answer.arrayBuffer());
  if (answer.ok) {
    await mkdir(folder, { recursive: true });
    const partial = `${path}.${process.pid}.${++written}.partial`;
    await writeFile(partial, body);
    await rename(partial, path);
  }
  return { status: answer.status, type: answer.headers.get("content-type") ?? "text/plain", body };
}

let written = 0;
const day = 24 * 60 * 60 * 1000;
