import { textWidth } from "./text-width.ts";

type Row = readonly string[];

/** Wider than this no screen shows a line whole. */
const widest = 80;

/** Columns that stay straight where all letters are equally wide; undefined for a table too wide for that. */
export function columns(head: Row, body: readonly Row[]): string | undefined {
  const rows = [head, ...body];
  const count = Math.max(...rows.map((row) => row.length));
  const gaps = 2 * (count - 1);
  const tooLong = rows.some((row) => row.some((cell) => cell.length > 2 * widest || cell.includes("\n")));
  if (tooLong || gaps > widest) return undefined;
  const widths = Array.from({ length: count }, (_, n) =>
    Math.max(...rows.map((row) => textWidth(row[n] ?? ""))),
  );
  if (widths.reduce((sum, width) => sum + width, gaps) > widest) return undefined;
  const lines = body.map((row) => lineOf(row, widths));
  if (head.every((cell) => cell === "")) return lines.join("\n");
  return [lineOf(head, widths), widths.map((width) => "─".repeat(width)).join("  "), ...lines].join("\n");
}

/** The same table as a list: each row one after the other, each cell behind the name of its column. */
export function stacked(head: Row, body: readonly Row[]): string {
  return body
    .map((row) =>
      row
        .flatMap((cell, n) => (cell === "" ? [] : [head[n] ? `${head[n]}: ${cell}` : cell]))
        .map((line, n) => `${n === 0 ? "• " : "  "}${line}`)
        .join("\n"),
    )
    .join("\n");
}

function lineOf(row: Row, widths: readonly number[]): string {
  return widths
    .map((width, n) => {
      const cell = row[n] ?? "";
      return cell + " ".repeat(Math.max(0, width - textWidth(cell)));
    })
    .join("  ")
    .trimEnd();
}
