import { oneLine } from "../../src/format/queue-header.ts";

/**
 * The beginning of a command or of a prompt, without what may be a secret in it. People write tokens into cron jobs;
 * this list is printed, and read by agents.
 */
export function shortCommand(command: string): string {
  const line = oneLine(command.slice(0, 2000), 2000);
  const words = (line.replace(preamble, "") || line).split(" ");
  const shown = words
    .slice(0, 8)
    .map((word, at) => (isPlain(word) && !announcesSecret.test(words[at - 1] ?? "") ? word : "…"));
  const text = [...shown, ...(words.length > 8 ? ["…"] : [])].join(" ").replace(/…( …)+/g, "…");
  return oneLine(text, 80);
}

/** What only asks whether the rest is to run, and settings of its environment. */
const preamble = /^(?:(?:test|\[|command -v) [^|&]*(?:\|\||&&) ?|\w+=\S* )+/;

const announcesSecret = /^(-u|--?\w*(pass|token|key|secret|auth|cred|user)[\w-]*|bearer|basic)$/i;

/** Names, paths and flags; nothing that was generated, and nothing with a value in it. */
function isPlain(word: string): boolean {
  if (/^(&&|\|\|?|;|>>?|<|2>&1|\[|\])$/.test(word)) return true;
  const bare = word.replace(/^['"(]+/, "").replace(/[,.;:!?'")]+$/, "");
  // As in `-psecret`.
  if (!/^[\p{L}\d_./~+@%-]{0,60}$/u.test(bare) || /^-[^-].{3}/.test(bare)) return false;
  return bare.split("/").every((part) => part.length < 20 || !/\d/.test(part));
}
