import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { aptWay } from "./apt-way.ts";
import { layCable } from "./cable.ts";
import { nodeDist } from "./node-dist.ts";
import { npmWay } from "./npm-way.ts";
import type { StandIn } from "./stand-in.ts";

/** Answers whether the request was one for it. */
export type Way = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** All of the world that machines reach: npm's registry, a mirror of Node, and by proxy the mirror of Debian. */
export type Outside = AsyncDisposable & {
  /** Of this host, for servers that machines are to reach. */
  address: string;
  registry: string;
  nodeMirror: string;
  /** SHA-256 of the archive that the mirror has, in hexadecimal. */
  nodeSha256: string;
  aptProxy: string;
  /** What was asked for, as `METHOD path`. */
  readonly asked: string[];
};

/** `standIns`: npm packages that are ours for as long as this is open; every other one is the registry's own. */
export async function openOutside({
  standIns = [],
}: { standIns?: readonly StandIn[] } = {}): Promise<Outside> {
  await using undo = new AsyncDisposableStack();
  const address = await ownAddress(undo);
  const node = await nodeDist();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.listen(0, address);
  await once(server, "listening");
  undo.defer(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  const base = `http://${address}:${(server.address() as AddressInfo).port}`;
  const ways: Way[] = [await aptWay(), node.way("/node"), npmWay(`${base}/npm`, standIns)];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const way of ways) if (await way(request, response)) return;
    response.writeHead(404).end();
  }

  const kept = undo.move();
  return {
    address,
    registry: `${base}/npm/`,
    nodeMirror: `${base}/node`,
    nodeSha256: node.sha256,
    aptProxy: base,
    asked,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** An address that is nobody's but this host's; a process that does nothing holds its other end until ours ends. */
async function ownAddress(undo: AsyncDisposableStack): Promise<string> {
  const holder = spawn("setpriv", [
    "--pdeathsig",
    "KILL",
    "unshare",
    "--net",
    "sh",
    "-c",
    "echo there; exec sleep infinity",
  ]);
  undo.defer(async () => {
    holder.kill("SIGKILL");
    if (holder.exitCode === null && holder.signalCode === null) await once(holder, "close");
  });
  await once(holder.stdout, "data");
  if (holder.pid === undefined) throw new Error("unshare did not start");
  const cable = undo.use(await layCable(holder.pid));
  return cable.gateway;
}
