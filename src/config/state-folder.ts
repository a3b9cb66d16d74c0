import { createHash } from "node:crypto";
import { basename, join } from "node:path";

/**
 * Each branch of each remote has a folder of its own: what a node must not forget about one ledger says nothing about
 * another. The name is for people, the digits make it unique.
 */
export function stateFolder(root: string, remote: string, branch: string): string {
  const digits = createHash("sha256").update(`${remote}\n${branch}`).digest("hex").slice(0, 8);
  const name = basename(remote.replace(/[/\\]+$/, "").replaceAll(":", "/")).replace(/\.git$/, "");
  return join(root, `${name.replace(/[^\w-]+/g, "-").slice(0, 40) || "ledger"}-${digits}`);
}
