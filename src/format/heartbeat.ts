import type { Beat } from "../core/beat.ts";
import { NodeName, TaskId } from "../core/ids.ts";
import { readPart, replacePart } from "./marked-part.ts";

/** A worker, as HEARTBEAT.md shows it to people. No machine decides anything by it. */
export type HeartbeatRow = {
  worker: NodeName;
  /** As main saw it when it wrote the row: alive, late, silent. */
  health: string;
  /** `unknown` for a worker whose beat this version cannot read. */
  state: Beat["state"] | "unknown";
  running: readonly { task: TaskId; attempt: number }[];
  slots: number;
  executors: readonly string[];
  capabilities: readonly string[];
  version: string;
  host: string;
  /** The time of the last beat by the worker's own clock, as text. */
  asOf: string;
};

/** HEARTBEAT.md with these rows between its markers. */
export function renderHeartbeat(existing: string, rows: readonly HeartbeatRow[]): string {
  const before = existing.trim() === "" ? "# Workers\n\n" : existing;
  if (rows.length === 0) return replacePart(before, "No worker has shown itself yet.\n");
  const lines = [columns, columns.map(() => "---"), ...rows.map((row) => cellsOf(row).map(escaped))];
  return replacePart(before, lines.map((cells) => `| ${cells.join(" | ")} |\n`).join(""));
}

/** The rows of HEARTBEAT.md that can be read. */
export function parseHeartbeat(text: string): HeartbeatRow[] {
  return (readPart(text) ?? "").split(/\r?\n/).flatMap((line) => rowOf(line) ?? []);
}

const columns = [
  "Worker",
  "Health",
  "State",
  "Running",
  "Slots",
  "Executors",
  "Capabilities",
  "Version",
  "Host",
  "Last beat, as of",
];

const states = ["idle", "busy", "draining", "stopped", "unknown"] as const;

function cellsOf(row: HeartbeatRow): string[] {
  return [
    row.worker,
    row.health,
    row.state,
    row.running.map(({ task, attempt }) => `${task} (attempt ${attempt})`).join(", "),
    String(row.slots),
    row.executors.join(", "),
    row.capabilities.join(", "),
    row.version,
    row.host,
    row.asOf,
  ];
}

function rowOf(line: string): HeartbeatRow | undefined {
  if (!/^\|.*\|[ \t]*$/s.test(line)) return undefined;
  const inside = line.trimEnd().slice(1, -1);
  const cells = Array.from(inside.matchAll(/((?:\\.|[^\\|])*)(?:\||$)/gs), ([, cell]) =>
    unescaped(cell ?? ""),
  );
  const [name, health = "", word, running = "", slots = "", executors = "", capabilities = "", ...rest] =
    cells;
  const [version = "", host = "", asOf = ""] = rest;
  const worker = NodeName.safeParse(name).data;
  const state = states.find((known) => known === word);
  if (!worker || !state || !/^\d{1,6}$/.test(slots)) return undefined;
  return {
    worker,
    health,
    state,
    running: listed(running).flatMap((text) => runningOf(text) ?? []),
    slots: Number(slots),
    executors: listed(executors),
    capabilities: listed(capabilities),
    version,
    host,
    asOf,
  };
}

function runningOf(text: string): { task: TaskId; attempt: number } | undefined {
  const [, id, attempt] = /^(\S+) \(attempt (\d{1,6})\)$/.exec(text) ?? [];
  const task = TaskId.safeParse(id).data;
  return task && { task, attempt: Number(attempt) };
}

function listed(cell: string): string[] {
  return cell === "" ? [] : cell.split(", ");
}

/** One line that neither ends the cell nor the table. Spaces at both ends of a cell mean nothing. */
function escaped(cell: string): string {
  return cell
    .trim()
    .replace(/[\\|]/g, "\\$&")
    .replaceAll("\r", "\\r")
    .replaceAll("\n", "\\n")
    .replaceAll("<", "\\<");
}

function unescaped(cell: string): string {
  return cell
    .trim()
    .replace(/\\(.)/gs, (_, sign: string) => (sign === "n" ? "\n" : sign === "r" ? "\r" : sign));
}
