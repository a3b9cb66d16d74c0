import { durationText } from "../../src/core/duration.ts";
import { goesOnByItself, type Beat } from "../../src/core/beat.ts";
import { oneLine } from "../../src/format/queue-header.ts";
import { type Age, freshnessOf } from "./freshness.ts";
import { seenIn } from "./look.ts";
import type { Reason } from "./reason.ts";
import type { Seen } from "./seen.ts";

export function aboutHub(seen: Seen): Reason[] {
  const { hub } = seen;
  if (hub.is === "not-asked") return [{ weight: "note", about: "hub", says: hub.why }];
  if (hub.is === "unreachable")
    return [{ weight: "degraded", about: "hub", says: hub.why, next: "pawl doctor" }];
  const { sign, age } = hub.value;
  if (sign === undefined) return isStarted(seen) ? [neverSeen(seen)] : [];
  return [...aboutAge(seen, sign.beat, age), ...(sign.beat ? aboutBeat(sign.beat) : [])];
}

function neverSeen({ name }: Seen): Reason {
  return {
    weight: "degraded",
    about: "beat",
    says: "the worker has given no sign of life at the hub yet",
    next: `worker-status ${name} --watch`,
  };
}

function aboutAge(seen: Seen, beat: Beat | undefined, age: Age | undefined): Reason[] {
  const { name } = seen;
  if (beat?.state === "stopped") {
    // Of a worker that was never started the service says all there is to say.
    if (!isStarted(seen) && seenIn(seen.machine) !== undefined) return [];
    const next = `provision-worker ${name} --start`;
    return [{ weight: "degraded", about: "beat", says: "the worker has said goodbye", next }];
  }
  const next = `journalctl -u openclaw-worker there`;
  switch (freshnessOf(age, beat?.every)) {
    case "ok":
      return [];
    case "late":
      return [{ weight: "degraded", about: "beat", says: `its last beat is ${ageText(age)} old`, next }];
    case "dead":
      return [{ weight: "dead", about: "beat", says: `its last beat is ${ageText(age)} old`, next }];
    default:
      return [
        {
          // Any beat looks so at first, one of months ago too: only the machine can show that it lives all the same.
          weight: seenIn(seen.machine) === undefined ? "degraded" : "note",
          about: "beat",
          says: "how old its last beat is cannot be told from one look",
          next: `worker-status ${name} --watch`,
        },
      ];
  }
}

export function ageText(age: Age | undefined): string {
  if (age === undefined) return "of unknown age";
  return age.by === "worker" ? durationText(age.seconds) : `at least ${durationText(age.atLeastSeconds)}`;
}

function aboutBeat({ trouble, unhealthy, resting, budget, state }: Beat): Reason[] {
  if (state === "stopped") return [];
  return [
    ...(trouble === undefined
      ? []
      : [
          {
            weight: "degraded",
            about: "beat",
            says: `it neither takes nor publishes anything: ${oneLine(trouble, 60)}`,
            next: "pawl doctor there",
          } satisfies Reason,
        ]),
    ...Object.entries(unhealthy).flatMap(([executor, why]): Reason[] =>
      goesOnByItself(executor, { resting, budget })
        ? aboutRest(executor, why, resting?.[executor])
        : [
            {
              weight: "degraded",
              about: "beat",
              says: `its executor ${oneLine(executor, 40)} is switched off: ${oneLine(why, 120)}`,
              next: "mend that and restart the worker",
            },
          ],
    ),
    ...(budget === undefined
      ? []
      : [
          {
            weight: "note",
            about: "beat",
            says: `its budget of ${budget.perDayUsd} USD for ${budget.day} is spent`,
          } satisfies Reason,
        ]),
  ];
}

/** Nobody's to mend: it goes on when the provider does. */
function aboutRest(executor: string, why: string, seconds: number | undefined): Reason[] {
  if (seconds === undefined) return [];
  const next = seconds === 0 ? "one task at a time tries it now" : `next try in ${durationText(seconds)}`;
  return [
    {
      weight: "note",
      about: "beat",
      says: `its executor ${oneLine(executor, 40)} rests: ${oneLine(why, 120)}; ${next}`,
    },
  ];
}

/** As far as anybody knows: where the machine was not asked, a worker is held to be started. */
function isStarted({ machine }: Seen): boolean {
  const unit = seenIn(machine)?.facts.units["openclaw-worker.service"];
  return unit === undefined || unit.active === "active" || unit.active === "activating";
}
