import { cpus, release, totalmem, type as system } from "node:os";

/** What a bench found: tables of plain values, and what one has to know to read them. */
export type Report = { bench: string; tables: BenchTable[]; notes: string[] };

export type BenchTable = { title: string; rows: Row[] };

export type Row = Readonly<Record<string, string | number>>;

export function printReport({ bench, tables, notes }: Report): void {
  console.log(`${bench}: ${machine()}`);
  for (const { title, rows } of tables) {
    console.log(`\n${title}\n`);
    const heads = Object.keys(rows[0] ?? {});
    console.log(markdownRow(heads));
    console.log(markdownRow(heads.map(() => "---")));
    for (const row of rows) console.log(markdownRow(heads.map((head) => String(row[head] ?? ""))));
  }
  if (notes.length > 0) console.log(`\n${notes.map((note) => `- ${note}`).join("\n")}`);
}

function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${system()} ${release()}, ${cpus().length} cores, ${gib} GiB, Node ${process.version}`;
}

function markdownRow(cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}
