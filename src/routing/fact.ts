import { createHash } from "node:crypto";

import type { Action, ActionId, Envelope, EventId, Severity, Status } from "../core/envelope.ts";

/** What somebody has to tell, before it is made to fit an envelope. */
export type Fact = {
  /** What makes it this fact and no other: told again after a crash, it is the same event. */
  identity: readonly string[];
  source?: string;
  category: string;
  severity?: Severity;
  status?: Status;
  subject: string;
  title: string;
  summary?: string | undefined;
  body?: string | undefined;
  /** Without the parts that follow from the identity. */
  ask?: Omit<Action, "id" | "payloadHash">;
  /** What is undefined is left out. */
  labels?: Readonly<Record<string, string | undefined>>;
  expires?: string | undefined;
};

/** Whoever wrote the texts, the envelope is one that the schema takes. */
export function envelopeOf(fact: Fact, at: string): Envelope {
  const { identity, category, subject, ask, expires } = fact;
  const body = cut(fact.body ?? "", 200_000);
  return {
    v: 1,
    id: `ev_${digest(["event", ...identity], 26)}` as EventId,
    at,
    source: fact.source ?? "main",
    category,
    severity: fact.severity ?? "info",
    status: fact.status ?? "once",
    subject: cut(subject.replace(/\s+/g, "-"), 120),
    revision: 1,
    title: oneLine(fact.title, 200) || category,
    summary: cut(fact.summary ?? "", 1000),
    ...(body.trim() === "" ? {} : { body }),
    ...(ask === undefined ? {} : { action: actionOf(ask, identity) }),
    labels: labelsOf(fact.labels ?? {}),
    links: [],
    ...(expires === undefined ? {} : { expires }),
  };
}

/** The id and the hash of what is to be done both follow from what it is about. */
export function actionOf(ask: Omit<Action, "id" | "payloadHash">, identity: readonly string[]): Action {
  const payload = JSON.stringify(["payload", ask.kind, ask.target ?? null, ...identity]);
  return {
    ...ask,
    id: `ac_${digest(["action", ...identity], 22)}` as ActionId,
    payloadHash: `sha256:${createHash("sha256").update(payload).digest("hex")}`,
  };
}

/** Base 32, of which 22 letters are 110 bits. */
function digest(parts: readonly string[], letters: number): string {
  const bytes = createHash("sha256").update(JSON.stringify(parts)).digest();
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = BigInt(`0x${bytes.toString("hex")}`);
  return Array.from({ length: letters }, (_, n) => alphabet[Number((bits >> BigInt(5 * n)) & 31n)]).join("");
}

function labelsOf(labels: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const said = Object.entries(labels).flatMap(([name, value]): [string, string][] => {
    const text = oneLine(value ?? "", 200);
    return text === "" ? [] : [[name, text]];
  });
  return Object.fromEntries(said);
}

function oneLine(text: string, most: number): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it takes out
  return cut(text.replace(/[\u0000-\u001f\u007f\s]+/g, " ").trim(), most).trimEnd();
}

/** At most so many UTF-16 units, and no half of a letter at the end. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const short = text.slice(0, most - 1);
  return `${/[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short}…`;
}
