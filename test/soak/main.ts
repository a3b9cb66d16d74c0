import { parseArgs } from "node:util";

import { broken, soak, type Report } from "./soak.ts";

/** `npm run soak -- --kills 500 [--seed 7] [--json] [--keep]`; exits with 1 when a promise was broken. */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    json: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
  },
});
const tell = (line: string) => void process.stderr.write(`${line}\n`);
const report = await soak({
  kills: Number(values.kills),
  seed: Number(values.seed),
  keep: values.keep,
  tell,
});
process.stdout.write(values.json ? `${JSON.stringify(report, undefined, 1)}\n` : table(report));
process.exitCode = broken(report).length === 0 ? 0 : 1;

function table(given: Report): string {
  const rows = Object.entries(given).map(([name, value]): [string, string] => {
    if (Array.isArray(value)) return [name, String(value.length)];
    if (typeof value !== "object") return [name, String(value)];
    const parts = Object.entries(value).map(([part, count]) => `${part} ${count}`);
    return [name, parts.join(", ")];
  });
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return `${[...lines, ...broken(given)].join("\n")}\n`;
}
