import { beginsTask, markdownLines, type Line } from "./markdown-lines.ts";

/**
 * A prompt stands in QUEUE.md as it is, but for lines that would be structure there: they carry a backslash more,
 * which Markdown does not show outside of code. Those are the beginning of a task and the end of a comment that is not
 * the prompt's own; and, outside of code, the beginning of any section, git's merge markers, and the beginning of a code
 * block or comment that never ends.
 */
export function readPrompt(text: string, lines: readonly Line[]): string {
  const first = lines[0];
  const last = lines.at(-1);
  if (!first || !last) return "";
  const raw = text.slice(first.start, last.next);
  if (!raw.includes("\\")) return tidy(raw);
  return tidy(lines.map((line) => unescaped(text.slice(line.start, line.next), line)).join(""));
}

/** The text that `readPrompt` reads back as `tidy(prompt)`, without a final line break. */
export function writePrompt(prompt: string): string {
  const safe = tidy(prompt)
    .split("\n")
    .map((line) => (beginsTask(bare(line)) ? `\\${line}` : line))
    .join("\n");
  // The line break in front makes a byte order mark what it will be in the file: a character like any other.
  const lines = `\n${safe}`;
  return Array.from(markdownLines(lines), (line) => {
    const own = lines.slice(line.start, line.next);
    return needsBackslash(own, line) ? `\\${own}` : own;
  })
    .join("")
    .slice(1);
}

/** Line feeds only, no blank lines at the beginning, no white space at the end. */
export function tidy(prompt: string): string {
  return prompt
    .replace(/(?<!\r)\r+\n/g, "\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
}

/** With any number of backslashes before it, one more is what tells it from the real thing. */
const structure = /^\\*(?:##(?:\s|$)|(?:<{7}|>{7}|\|{7})(?:\s|$))/;
const opener = /^ {0,3}(?:`{3}|~{3}|<!--)/;
const commentEnd = /^\s*-->\s*$/;

/** But for the beginnings of tasks, which have got theirs. */
function needsBackslash(own: string, { opaque, comment, loose }: Line): boolean {
  if (comment || beginsTask(bare(own))) return false;
  if (commentEnd.test(bare(own))) return true;
  if (opaque) return false;
  return loose !== undefined || structure.test(own) || (own.startsWith("\\") && opener.test(bare(own)));
}

function unescaped(own: string, { opaque, comment }: Line): string {
  if (!own.startsWith("\\")) return own;
  const line = bare(own);
  const isEscaped =
    beginsTask(line) ||
    (!comment && commentEnd.test(line)) ||
    (!opaque && (structure.test(line) || opener.test(line)));
  return isEscaped ? own.slice(1) : own;
}

function bare(line: string): string {
  return line.replace(/^\\+/, "");
}
