import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** The address as git shall see it: a plain path becomes a URL, without which git ignores depth and filter. */
export function addressOf(remote: string): string {
  return isUrl(remote) || isHostAndPath(remote) ? remote : pathToFileURL(resolve(remote)).href;
}

export function goesOverSsh(address: string): boolean {
  return /^(git\+)?ssh(\+git)?:\/\//.test(address) || (!isUrl(address) && isHostAndPath(address));
}

function isUrl(remote: string): boolean {
  return /^[a-z][a-z+]*:\/\//.test(remote);
}

/** `git@example.org:owner/name.git` */
function isHostAndPath(remote: string): boolean {
  return /^[^/-][^/]*:/.test(remote);
}
