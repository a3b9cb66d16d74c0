import { join } from "node:path";

import { JournalFile } from "../../../src/adapters/files/journal-file.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { Envelope } from "../../../src/core/envelope.ts";
import type { Entry } from "../../../src/routing/entry.ts";
import { plan } from "../../../src/routing/rules/plan.ts";
import { RecentPast } from "../../../src/routing/rules/recent-past.ts";
import type { RoutingRequest } from "../../../src/routing/request.ts";
import { routingFiles } from "../../../src/wire/routing-files.ts";
import { Desk } from "../../support/desk.ts";

export const aDay = "2026-11-20T12:00:00.000Z";

/** A desk on main's machine, where these events have come and been planned. */
export class ToldDesk implements AsyncDisposable {
  readonly desk: Desk;
  readonly journal: JournalFile<Entry>;
  readonly requests: string;

  private constructor(desk: Desk) {
    this.desk = desk;
    const files = routingFiles(loadConfig(desk.world.around));
    this.journal = new JournalFile(files.journal);
    this.requests = files.requests;
  }

  static async sitDown(envelopes: readonly Partial<Envelope>[] = [], config = ""): Promise<ToldDesk> {
    const head = "remote: ssh://hub.example/hub.git\nname: desk\nstate: state\n";
    const desk = await Desk.sitDown({ config: `${head}${config}` });
    const told = new ToldDesk(desk);
    const { routing } = loadConfig(desk.world.around);
    const past = new RecentPast(() => routing);
    const now = new Date(aDay);
    for (const envelope of envelopes.map(anEnvelope)) {
      const made = plan(envelope, { routing, now, past: past.about(envelope, now) });
      const entries: Entry[] = [
        { at: aDay, t: "event", envelope },
        { at: aDay, t: "planned", event: envelope.id, config: "-", plan: made },
      ];
      for (const entry of entries) past.take(entry);
      await told.journal.append(entries);
    }
    // Where nothing was told, main has run all the same.
    await told.journal.compact(await told.journal.read());
    return told;
  }

  /** What commands have asked of main, the oldest first. */
  async asked(): Promise<RoutingRequest[]> {
    const { DropFolder } = await import("../../../src/adapters/files/drop-folder.ts");
    const box = new DropFolder<RoutingRequest>(this.requests, (value) => value as RoutingRequest);
    return (await box.waiting()).things.map(({ thing }) => thing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    await this.desk[Symbol.asyncDispose]();
  }
}

/** Different titles make different events. */
function anEnvelope(given: Partial<Envelope> = {}, n = 0): Envelope {
  return Envelope.parse({
    v: 1,
    id: `ev_01KA9Z8Q5Y0V2T6W3R4X7B8N${String(n).padStart(2, "0")}`,
    at: aDay,
    source: "cli",
    category: "result.subagent",
    subject: `task:${n}`,
    title: `News ${n}`,
    ...given,
  });
}

/** A folder for a file that a command is given. */
export function at(desk: Desk, name: string): string {
  return join(desk.folder, name);
}
