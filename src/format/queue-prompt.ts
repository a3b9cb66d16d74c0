import { markdownLines, missingCloser, type Line } from "./markdown-lines.ts";

/**
 * A prompt stands in QUEUE.md as it is, but for lines outside of code that would begin a section: those carry a
 * backslash more, which Markdown does not show.
 */
export function readPrompt(text: string, lines: readonly Line[]): string {
  const first = lines[0];
  const last = lines.at(-1);
  if (!first || !last) return "";
  let raw = text.slice(first.start, last.next);
  if (raw.includes("\\##")) {
    raw = lines
      .map((line) => {
        const own = text.slice(line.start, line.next);
        return line.opaque ? own : own.replace(/^\\(\\*##(?:\s|$))/, "$1");
      })
      .join("");
  }
  return raw
    .replaceAll("\r\n", "\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
}

/** The text that `readPrompt` reads back as `prompt`, without a final line break. */
export function writePrompt(prompt: string): string {
  const lines = prompt
    .replaceAll("\r\n", "\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
  const closer = missingCloser(lines);
  const closed = closer === undefined ? lines : `${lines}\n${closer}`;
  if (!closed.includes("##")) return closed;
  return Array.from(markdownLines(closed), (line) => {
    const own = closed.slice(line.start, line.next);
    return line.opaque ? own : own.replace(/^(\\*##(?:\s|$))/, "\\$1");
  }).join("");
}
