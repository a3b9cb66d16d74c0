import type { Card } from "../../../core/card.ts";
import { durationText } from "../../../core/duration.ts";
import type { Showing } from "./event-card.ts";
import { moment } from "./moment.ts";

/** How the whole stands, for the one card that is edited again and again. */
export type Status = {
  at: string;
  nodes: readonly {
    name: string;
    role: "main" | "worker";
    /** Such as "running", "draining", "silent". */
    state: string;
    well: boolean;
    running: number;
    slots: number | undefined;
    /** When it last gave a sign of life. */
    beat: string | undefined;
  }[];
  /** How many tasks are in which state; a state without tasks may be left out. */
  tasks: Readonly<Record<string, number>>;
  openDecisions: number;
};

export function statusCard(status: Status, showing: Showing): Card {
  const { at, nodes, openDecisions, tasks } = status;
  const ill = nodes.filter(({ well }) => !well);
  const counts = Object.entries(tasks).filter(([, count]) => count > 0);
  return {
    marker: showing.marker ?? "status",
    event: undefined,
    tone: ill.length > 0 ? "warning" : "ok",
    title: ill.length > 0 ? `Needs a look · ${ill.map(({ name }) => name).join(", ")}` : "All is well",
    lines: [
      `Tasks: ${counts.map(([state, count]) => `${count} ${state}`).join(", ") || "none open"}`,
      ...(openDecisions > 0 ? [`Open decisions: ${openDecisions}`] : []),
      `As of ${moment(showing.timeZone, at)}`,
    ],
    facts: nodes.map((node) => ({ name: node.name, value: nodeText(node, at) })),
    at,
  };
}

function nodeText({ role, state, running, slots, beat }: Status["nodes"][number], at: string): string {
  const ago = beat === undefined ? undefined : (Date.parse(at) - Date.parse(beat)) / 1000;
  return [
    `${role}, ${state}`,
    ...(role === "worker" ? [`${running}${slots === undefined ? "" : ` of ${slots}`} running`] : []),
    ...(ago === undefined ? [] : [`last beat ${durationText(ago)} ago`]),
  ].join(" · ");
}
