import type { Card } from "../../../core/card.ts";
import { durationText } from "../../../core/duration.ts";
import type { Standing } from "../../../core/standing.ts";
import type { Showing } from "./event-card.ts";
import { moment } from "./moment.ts";

/** What the one card that is edited again and again shows. */
export type Status = Standing & { openDecisions: number };

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
