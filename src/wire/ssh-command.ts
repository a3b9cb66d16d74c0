import type { Config } from "../config/settle.ts";

/** `ssh` with the key and the pinned hosts of the configuration; undefined when there are none of its own. */
export function sshCommandOf({ key, knownHosts }: Config["ssh"]): string | undefined {
  const options = [
    ...(key === undefined ? [] : ["-i", quoted(key), "-o IdentitiesOnly=yes"]),
    ...(knownHosts === undefined
      ? []
      : ["-o", quoted(`UserKnownHostsFile="${knownHosts}"`), "-o StrictHostKeyChecking=yes"]),
  ];
  return options.length === 0 ? undefined : ["ssh", ...options].join(" ");
}

/** Git hands the command to a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
