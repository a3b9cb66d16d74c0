import type { input } from "zod";

import type { Card } from "../../../src/core/card.ts";
import { Envelope, type EventId } from "../../../src/core/envelope.ts";

export function anEnvelope(parts: Partial<input<typeof Envelope>> = {}): Envelope {
  return Envelope.parse({
    v: 1,
    id: "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C",
    at: "2026-11-21T09:10:00Z",
    source: "worker:w2",
    category: "result.subagent",
    subject: "task:T-20261121-7k3qx",
    title: "Research: hosting prices",
    ...parts,
  });
}

export function aCard(parts: Partial<Card> = {}): Card {
  return {
    marker: "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C · r1",
    event: "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C" as EventId,
    tone: "ok",
    title: "Research: hosting prices",
    lines: [],
    facts: [],
    at: "2026-11-21T09:10:00Z",
    ...parts,
  };
}
