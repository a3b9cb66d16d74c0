import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { knownHostKeys, type HostKey } from "../../format/known-hosts.ts";

/** The host keys that this machine's ssh would take for an address. */
export async function readKnownHosts(home: string, address: string, port: number): Promise<HostKey[]> {
  const paths = [
    join(home, ".ssh", "known_hosts"),
    join(home, ".ssh", "known_hosts2"),
    "/etc/ssh/ssh_known_hosts",
  ];
  const texts = await Promise.all(paths.map(async (path) => readFile(path, "utf8").catch(() => "")));
  return knownHostKeys(texts.join("\n"), address, port);
}
