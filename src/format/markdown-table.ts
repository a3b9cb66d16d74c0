import { plain, unplain } from "./plain.ts";

/** A table of one-line cells. Spaces at both ends of a cell mean nothing, and an empty one is shown as a hyphen. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows.map((row) => row.map(escaped))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** The cells of a table's rows, without its head. */
export function readMarkdownTable(text: string): string[][] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^\|.*\|$/s.test(line))
    .slice(2)
    .map((line) => {
      const cells = line.slice(1, -1).matchAll(/((?:\\.|[^\\|])*)(?:\||$)/gs);
      // The pattern matches once more, on nothing, at the very end.
      return Array.from(cells, ([, cell]) => unescaped(cell ?? "")).slice(0, -1);
    });
}

function escaped(cell: string): string {
  // Behind a backslash a letter stays what it is, so these two cannot be mistaken for anything else.
  const shown = plain(cell.trim()).replaceAll("\r", "\\r").replaceAll("\n", "\\n");
  return shown || "-";
}

function unescaped(cell: string): string {
  const shown = cell.trim();
  if (shown === "-") return "";
  const lines = shown.split(/(\\.)/s).map((part) => (part === "\\n" ? "\n" : part === "\\r" ? "\r" : part));
  return unplain(lines.join(""));
}
