import { oneLine } from "./queue-header.ts";

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

/** The cells of a table's rows, without its head. */
export function readMarkdownTable(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) =>
      line
        .slice(2, -2)
        .split(/ \| /)
        .map((part) => part.replaceAll("\\|", "|")),
    );
}

function cell(text: string): string {
  return oneLine(text, 120).replaceAll("|", "\\|") || "-";
}

/** Text of a stranger as a piece of a Markdown line: it cannot draw a link, an image, a tag or a mention. */
export function plain(text: string, atMost = 120): string {
  return oneLine(text, atMost).replace(/[\\`*_[\]<>|!#@]/g, "\\$&");
}
