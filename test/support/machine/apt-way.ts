import { request as ask } from "node:http";
import { pipeline } from "node:stream/promises";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";

import { debianSources } from "./base.ts";
import type { Way } from "./outside.ts";

/** A proxy as apt speaks to one, to the mirrors of this host's own apt and to no other host. */
export async function aptWay(): Promise<Way> {
  const hosts = new Set((await debianSources()).map((line) => new URL(line.split(" ")[1] ?? "").host));
  return async (request, response) => {
    const url = URL.parse(request.url ?? "");
    if (url === null) return false;
    if (url.protocol !== "http:" || !hosts.has(url.host)) {
      response.writeHead(403).end("not a mirror of this host\n");
      return true;
    }
    const onward = ask(url, { method: request.method, headers: request.headers });
    request.pipe(onward);
    const [answered] = (await once(onward, "response")) as [IncomingMessage];
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    await pipeline(answered, response);
    return true;
  };
}
