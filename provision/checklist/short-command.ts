import { oneLine } from "../../src/format/queue-header.ts";

/**
 * The beginning of a command without what may be a secret in it. People write tokens into cron jobs; this list is
 * printed, and read by agents.
 */
export function shortCommand(command: string): string {
  const words = oneLine(command.slice(0, 2000), 2000).split(" ");
  const shown = words.slice(0, 8).map((word) => (isPlain(word) ? word : "…"));
  const text = [...shown, ...(words.length > 8 ? ["…"] : [])].join(" ").replace(/…( …)+/g, "…");
  return oneLine(text, 80);
}

/** Names, paths and flags; nothing that was generated, and nothing with a colon, an equals sign or a quote. */
function isPlain(word: string): boolean {
  if (/^(&&|\|\|?|;|>>?|<|2>&1|\[|\])$/.test(word)) return true;
  if (!/^[\w./~+@%-]{1,60}$/.test(word)) return false;
  return word.split("/").every((part) => part.length < 20 || !/\d/.test(part));
}
