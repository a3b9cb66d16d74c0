import { readConfigText } from "../../src/config/read-config-text.ts";
import { settle } from "../../src/config/settle.ts";
import { Envelope } from "../../src/core/envelope.ts";
import type { Entry } from "../../src/routing/entry.ts";
import type { Plan } from "../../src/routing/plan-types.ts";
import { plan } from "../../src/routing/rules/plan.ts";
import { RecentPast } from "../../src/routing/rules/recent-past.ts";
import type { Routing } from "../../src/routing/rules/settings.ts";

export const networks = `
telegram: { owner: 4242 }
discord: { guild: "112233445566778899", owner: "223344556677889900" }
`;

/** The routing that this part of a configuration asks for, on a machine in Berlin. */
export function routingOf(yaml: string = networks, env: Record<string, string> = {}): Routing {
  const around = { cwd: "/box", home: "/home/you", hostname: "box", env, timezone: "Europe/Berlin" };
  const file = readConfigText(`remote: /srv/hub.git\nstate: /state\n${yaml}`, "pawl.config.yaml");
  return settle(file, { source: undefined, folder: "/box", around }).routing;
}

/** An event that says what is given, and otherwise as little as it may. */
export function anEvent(given: Partial<Record<keyof Envelope, unknown>> = {}, n = 0): Envelope {
  return Envelope.parse({
    v: 1,
    id: `ev_${String(n).padStart(26, "0")}`,
    at: "2026-11-21T12:00:00Z",
    source: "cli",
    category: "result.subagent",
    subject: "job:test",
    title: "A test",
    ...given,
  });
}

export function anAction(given: Record<string, unknown> = {}): object {
  return {
    id: "ac_0000000000000000000000",
    kind: "approve",
    options: [{ verb: "ok", label: "Approve" }],
    payloadHash: `sha256:${"0".repeat(64)}`,
    ...given,
  };
}

/** Routing without its surroundings: what is told is written down and planned, at a time of the test's choosing. */
export class Rehearsal {
  readonly routing: Routing;
  readonly past: RecentPast;
  #count = 0;

  constructor(routing: Routing = routingOf()) {
    this.routing = routing;
    this.past = new RecentPast(() => routing);
  }

  tell(at: string, given: Partial<Record<keyof Envelope, unknown>>): Plan {
    const envelope = anEvent({ at, ...given }, this.#count++);
    const now = new Date(at);
    const made = plan(envelope, { routing: this.routing, now, past: this.past.about(envelope, now) });
    this.note(at, { t: "event", envelope });
    this.note(at, { t: "planned", event: envelope.id, config: "c", plan: made });
    return made;
  }

  note(
    at: string,
    entry: Entry extends infer One ? (One extends Entry ? Omit<One, "at"> : never) : never,
  ): void {
    this.past.take({ at, ...entry } as Entry);
  }
}

/** `owner held 07:30Z quiet`, one line for each delivery or suppression. */
export function brief({ deliveries, suppressed }: Plan): string[] {
  return [
    ...deliveries.map(({ destination, timing, silent, inPlace, statusCard }) =>
      [
        destination,
        timing.kind,
        ...(timing.kind === "now" ? [] : [timing.until.slice(5, 16)]),
        ...(timing.kind === "held" ? [timing.because] : []),
        ...(silent ? ["silent"] : []),
        ...(inPlace ? ["in place"] : []),
        ...(statusCard ? ["status card"] : []),
      ].join(" "),
    ),
    ...suppressed.map(({ why, destination }) => [destination ?? "nowhere", why].join(": ")),
  ];
}
