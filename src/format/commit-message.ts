import type { NodeName } from "../core/ids.ts";
import { oneLine } from "./queue-header.ts";

/** `[skip ci]` keeps a host from starting a workflow for each task; the nonce makes equal commits of two nodes differ. */
export function commitMessage(node: NodeName, nonce: string, deeds: readonly string[]): string {
  const quiet = deeds.map(withoutReferences);
  const subject = oneLine(`${node}: ${quiet.length === 0 ? "tidies up" : quiet.join("; ")}`, 120);
  const all = quiet.length > 1 ? `${quiet.map((deed) => `- ${oneLine(deed)}`).join("\n")}\n\n` : "";
  return `${subject}\n\n${all}[skip ci]\n\nNode: ${node}\nNonce: ${nonce}\n`;
}

/** The node that made a commit, or undefined for a person's. */
export function nodeOf(message: string): string | undefined {
  return /^Node: (\S+)$/m.exec(message.slice(message.lastIndexOf("\n\n") + 1))?.[1];
}

/** A host would call the people that a title names, and close the issues that it speaks of. */
function withoutReferences(deed: string): string {
  return deed.replace(/@(?=\w)|#(?=\d)|\bGH-(?=\d)|:(?=\/\/)/gi, "$&\u200b");
}
