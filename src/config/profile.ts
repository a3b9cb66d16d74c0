import { fileURLToPath } from "node:url";

/** How sparing a node is: hosts count pushes, a hub of one's own does not. */
export type Profile = "own-hub" | "hosted";

const hosts = /(^|\.)(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitea\.com|sr\.ht|azure\.com)$/;

/** A known host, or anything reached over the web, is hosted; a path or another machine's ssh is a hub of one's own. */
export function profileOf(remote: string): Profile {
  const { scheme, host } = addressParts(remote);
  if (scheme === "http" || scheme === "https") return "hosted";
  return host !== undefined && hosts.test(host.toLowerCase()) ? "hosted" : "own-hub";
}

/** The folder of a hub on this machine, whichever way it is written; undefined when it is elsewhere. */
export function folderOf(remote: string): string | undefined {
  if (!isPath(remote)) return undefined;
  return remote.startsWith("file:") ? fileURLToPath(remote) : remote;
}

/** A folder of this machine. */
export function isPath(remote: string): boolean {
  const { scheme, host } = addressParts(remote);
  return scheme === "file" || (scheme === undefined && host === undefined);
}

function addressParts(remote: string): { scheme?: string | undefined; host?: string | undefined } {
  const url = /^([a-z][a-z+]*):\/\/(?:[^/@]*@)?([^/:]*)/.exec(remote);
  if (url) return { scheme: url[1], host: url[2] };
  return { host: /^(?:[^/@:]+@)?([^/@:]{2,}):/.exec(remote)?.[1] };
}
