import type { Card } from "../../core/card.ts";

/** A list's lines as far as they fit, and how many are left. `lengthOf` counts a line as the network does. */
export function fittingLines<Line>(
  lines: readonly Line[],
  lengthOf: (line: Line) => number,
  units: number,
): { shown: Line[]; left: number } {
  let used = 0;
  const over = lines.findIndex((line) => (used += lengthOf(line) + 1) > units);
  const shown = over === -1 ? [...lines] : lines.slice(0, over);
  return { shown, left: lines.length - shown.length };
}

/** Says that there is more, and where. */
export function leftOver({ more }: Card, left: number): { words: string; command: string } {
  return { words: `and ${left} more${more === undefined ? "" : ": "}`, command: more ?? "" };
}
