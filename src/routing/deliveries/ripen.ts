import { fallbackFor, questionInstants, tendQuestions } from "../actions/open-questions.ts";
import { tendTroubles, troubleInstants } from "../actions/open-troubles.ts";
import type { Entry } from "../entry.ts";
import { subjectKey } from "./fold.ts";
import { divert } from "./divert.ts";
import { goodUntil, heldUntil } from "./night.ts";
import { isPast, type Pacing, settleSeconds, later } from "./pacing.ts";
import { release, releaseInstants } from "./release.ts";
import { isOpen, openDeliveries, questionOf } from "./select.ts";
import type { Delivery, State } from "./state.ts";

/** What time alone brings, to be written down before anything else is decided. Asked again it brings nothing new. */
export function ripen(state: State, now: Date, pacing: Pacing): Entry[] {
  const open = openDeliveries(state);
  const lapsed = open.filter((delivery) => lapse(state, delivery, now, pacing) !== undefined);
  const living = open.filter((delivery) => !lapsed.includes(delivery));
  return [
    ...lapsed.map((delivery): Entry => {
      const why = lapse(state, delivery, now, pacing) ?? "";
      return { at: now.toISOString(), t: "given-up", delivery: delivery.id, why, by: "main" };
    }),
    ...living.flatMap((delivery) => reroute(state, delivery, now, pacing)),
    ...release(
      state,
      living.filter(({ progress }) => progress.kind === "waiting"),
      now,
    ),
    ...tendQuestions(state, now, pacing),
    ...tendTroubles(state, now, pacing),
  ];
}

/**
 * When `ripen` or `pick` next has something new to say; undefined if only news can bring it.
 *
 * @param busy destinations with something under way: its end is news
 */
export function nextInstant(
  state: State,
  { now, busy, pacing }: { now: Date; busy: ReadonlySet<string>; pacing: Pacing },
): string | undefined {
  const open = openDeliveries(state);
  const held = Map.groupBy(open, (one) => heldUntil(state, one, now, pacing)?.toISOString());
  const awake = held.get(undefined) ?? [];
  const instants = [
    ...releaseInstants(open.filter(({ progress }) => progress.kind === "waiting")),
    ...open.map((delivery) => goodUntil(state, delivery, pacing)),
    ...[...held.keys()].flatMap((end) => end ?? []),
    ...heads(awake.filter(({ destination }) => !busy.has(destination))).flatMap((one) =>
      instantsOf(state, one),
    ),
    ...questionInstants(state, pacing),
    ...troubleInstants(state, pacing),
  ];
  return instants.reduce<string | undefined>(
    (first, one) => (first === undefined || Date.parse(one) < Date.parse(first) ? one : first),
    undefined,
  );
}

function instantsOf(state: State, { destination, progress }: Delivery): string[] {
  const health = state.health.get(destination);
  if (progress.kind === "unknown") return [lookAt(progress)];
  if (progress.kind !== "ready" || health?.broken) return [];
  const paused = health?.pausedUntil;
  return [paused !== undefined && Date.parse(paused) > Date.parse(progress.after) ? paused : progress.after];
}

/** The oldest of each destination and subject that has begun its way. */
export function heads(queue: readonly Delivery[]): Delivery[] {
  const begun = queue.filter(({ progress }) => progress.kind !== "waiting");
  const lines = Map.groupBy(begun, ({ destination, subject }) => subjectKey(destination, subject));
  return [...lines.values()].flatMap(([oldest]) => oldest ?? []);
}

/** When a post that may have arrived is looked for: not at once, and ever more seldom while nobody answers. */
export function lookAt({ at, looks }: { at: string; looks: number }): string {
  return later(new Date(at), Math.min(settleSeconds * 4 ** looks, 3600));
}

/** Why a delivery is not worth making any more. */
function lapse(state: State, delivery: Delivery, now: Date, pacing: Pacing): string | undefined {
  const { progress, content } = delivery;
  if (progress.kind === "claimed") return undefined;
  const end = goodUntil(state, delivery, pacing);
  if (isPast(end, now)) return `it was good until ${end}`;
  if (content.kind === "still" && !goesOn(state, delivery)) return "it was over before it was told again";
  const question = questionOf(state, delivery);
  if (progress.kind !== "waiting" && content.kind !== "reminder" && content.kind !== "confirm")
    return undefined;
  return question && !isOpen(question) ? "the question was over before it was shown" : undefined;
}

function goesOn(state: State, { events: [event] }: Pick<Delivery, "events">): boolean {
  return [...state.troubles.values()].some((trouble) => trouble.event === event && !trouble.isOver);
}

/** What waits for a destination that somebody has to mend goes elsewhere; where there is nowhere, it waits on. */
function reroute(state: State, delivery: Delivery, now: Date, pacing: Pacing): Entry[] {
  const { destination, progress, content } = delivery;
  const broken = state.health.get(destination)?.broken;
  if (!broken || progress.kind !== "ready" || (content.kind !== "event" && content.kind !== "list"))
    return [];
  const fallback = fallbackFor(state, delivery, pacing);
  if (fallback === undefined) return [];
  return divert(state, delivery, { to: fallback, code: broken.code, why: broken.why, now, pacing });
}
