import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { Envelope, EventId } from "../../core/envelope.ts";
import { Fault } from "../../fault.ts";
import { fold } from "../../routing/deliveries/fold.ts";
import type { Entry } from "../../routing/entry.ts";
import { askingForAck } from "../../routing/rules/ask-ack.ts";
import { explain } from "../../routing/rules/explain.ts";
import { plan } from "../../routing/rules/plan.ts";
import { RecentPast } from "../../routing/rules/recent-past.ts";
import type { Cli } from "../cli.ts";
import { readEnvelope, type EnvelopeOptions } from "./read-envelope.ts";

/** Plans an event as if it came now, or then, and says why. */
export async function explainEvent(
  cli: Cli,
  given: string | undefined,
  { title, at, ...options }: EnvelopeOptions & { title: string; at?: string },
): Promise<void> {
  const { routing } = await cli.config();
  const entries = await entriesHere(cli);
  const now = at === undefined ? cli.now() : timeOf(at);
  const found = given === undefined ? undefined : await lookUp(cli, given, entries);
  const envelope =
    found ?? askingForAck(await readEnvelope(cli.world, title, { category: "x.example", ...options }));
  const past = new RecentPast(() => routing);
  // Of one that came, only what was before it counts.
  for (const entry of entries) {
    if (entry.t === "event" && entry.envelope.id === envelope.id) break;
    past.take(entry);
  }
  const made = plan(found ? envelope : { ...envelope, at: now.toISOString() }, {
    routing,
    now,
    past: past.about(envelope, now),
  });
  cli.answer({ envelope, plan: made }, () => explain({ envelope, plan: made, routing, now }).join("\n"));
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new Fault("USAGE", `--at ${JSON.stringify(text)} is no time`, {
    hint: "Write it like 2026-11-22T03:00:00Z.",
  });
}

async function lookUp(cli: Cli, given: string, entries: readonly Entry[]): Promise<Envelope> {
  if (EventId.safeParse(given).success) {
    const known = fold(entries).events.get(given as EventId);
    if (known) return known.envelope;
    throw new Fault("EVENT_NOT_FOUND", `No event ${given} is known here`, {
      hint: "The id stands small under each message; `pawl deliveries` has those of late.",
    });
  }
  const path = resolve(cli.world.around.cwd, given);
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new Fault("FILE_NOT_FOUND", `${path} cannot be read: ${error.message}`, {
      hint: "Name a file with an event as JSON, or the id of one that came.",
    });
  });
  const read = Envelope.safeParse(parsed(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Fault("USAGE", `${path} is no event: ${issue?.path.join(".")} ${issue?.message}`, {
    hint: "`pawl route explain --json` prints one as an example.",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What came before; nothing where main never ran. */
export async function entriesHere(cli: Cli): Promise<Entry[]> {
  try {
    return await (await cli.world.routing(await cli.config())).entries();
  } catch (error) {
    if (error instanceof Fault && error.code === "MAIN_ELSEWHERE") return [];
    throw error;
  }
}
