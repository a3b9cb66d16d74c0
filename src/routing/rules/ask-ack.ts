import type { Envelope } from "../../core/envelope.ts";
import { actionOf } from "../fact.ts";
import { verbs } from "../verbs.ts";

/**
 * Harm that nobody has put a question to asks to be acknowledged, so that reminders end when somebody has seen it.
 * Everything else stays as it is. Whoever takes events in calls this before anything is written down.
 */
export function askingForAck(envelope: Envelope): Envelope {
  const { category, severity, status, action, id } = envelope;
  const isHarm = ["incident", "security", "heartbeat.alert"].includes(category);
  if (!isHarm || severity !== "critical" || action !== undefined) return envelope;
  if (status === "resolved" || status === "update") return envelope;
  const ask = {
    kind: "ack",
    options: [
      { verb: verbs.acknowledge, label: "Ack", style: "primary" },
      { verb: verbs.silence, label: "Silence 2 h" },
    ],
    risk: "low",
  } as const;
  return { ...envelope, action: actionOf({ ...ask, options: [...ask.options] }, ["ack", id]) };
}
