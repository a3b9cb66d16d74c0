import { stripVTControlCharacters } from "node:util";

import Table from "cli-table3";

import type { Cli } from "./cli.ts";

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Narrower than this the last column is of no use. */
const narrowest = 16;

/** Columns under a heading. On a terminal the last one is cut so that no line wraps; in a pipe it is whole. */
export function table(cli: Cli, heads: string[], rows: string[][]): string {
  const others = widthsOfOthers(heads, rows);
  const rest = cli.world.out.isTerminal ? lastColumnWidth(cli, heads, rows) : null;
  const lines = new Table({
    chars: bare,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    head: heads.map((head) => cli.paint("dim", head)),
    colWidths: [...others, rest],
  });
  lines.push(...rows);
  return lines
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** How much room the other columns leave for the last one. */
export function lastColumnWidth(cli: Cli, heads: string[], rows: string[][]): number {
  const used = widthsOfOthers(heads, rows).reduce((sum, width) => sum + width + 2, 0);
  return Math.max(narrowest, cli.world.out.columns - used - 1);
}

function widthsOfOthers(heads: string[], rows: string[][]): number[] {
  return heads.slice(0, -1).map((head, n) => widest([head, ...rows.map((row) => row[n] ?? "")]));
}

function widest(cells: string[]): number {
  return Math.max(...cells.map((cell) => stripVTControlCharacters(cell).length));
}
