import { markdownTable, readMarkdownTable } from "./markdown-table.ts";
import { markedPart, replaceMarkedPart } from "./marked-part.ts";

/** One worker in HEARTBEAT.md, all of it text for people. No machine decides anything by it. */
export type HeartbeatRow = {
  worker: string;
  health: string;
  running: string;
  slots: string;
  executors: string;
  capabilities: string;
  version: string;
  host: string;
  /** What the worker's own clock said at the last beat that main looked into. */
  asOf: string;
};

const columns = [
  ["Worker", "worker"],
  ["Health", "health"],
  ["Running", "running"],
  ["Slots", "slots"],
  ["Executors", "executors"],
  ["Capabilities", "capabilities"],
  ["Version", "version"],
  ["Host", "host"],
  ["As of", "asOf"],
] as const satisfies readonly (readonly [string, keyof HeartbeatRow])[];

/** HEARTBEAT.md with these rows between its markers. */
export function renderHeartbeat(existing: string, rows: readonly HeartbeatRow[]): string {
  if (rows.length === 0) return replaceMarkedPart(existing, "No worker has shown a sign of life yet.");
  const table = markdownTable(
    columns.map(([title]) => title),
    rows.map((row) => columns.map(([, key]) => row[key])),
  );
  return replaceMarkedPart(existing, table);
}

/** Reads the rows back; whatever stands outside of the markers is not looked at. */
export function parseHeartbeat(text: string): HeartbeatRow[] {
  return readMarkdownTable(markedPart(text) ?? "").map((cells) => {
    const at = (key: keyof HeartbeatRow) => cells[columns.findIndex(([, known]) => known === key)] ?? "";
    return {
      worker: at("worker"),
      health: at("health"),
      running: at("running"),
      slots: at("slots"),
      executors: at("executors"),
      capabilities: at("capabilities"),
      version: at("version"),
      host: at("host"),
      asOf: at("asOf"),
    };
  });
}
