import { readFileSync } from "node:fs";
import { join } from "node:path";

/** docs/cli.md, and its section on each command. */
export const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "cli.md"), "utf8");
export const sections = new Map(
  page
    .split(/^## pawl /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf("\n")), text]),
);

/** The first answer in JSON that the section on a command shows. */
export function documented(name: string): unknown {
  const section = sections.get(name) ?? "";
  return JSON.parse(/```json\n([^]*?)```/.exec(section)?.[1] ?? "null");
}

/** Each path to a value, with the value's type: lists count as their entries together. */
export function shapeOf(value: unknown, at = ""): string[] {
  if (Array.isArray(value))
    return unique([`${at}[]`, ...value.flatMap((entry) => shapeOf(entry, `${at}[]`))]);
  if (typeof value !== "object" || value === null) return [`${at}: ${typeof value}`];
  return unique(Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, `${at}.${key}`)));
}

function unique(paths: string[]): string[] {
  return [...new Set(paths)].toSorted();
}
