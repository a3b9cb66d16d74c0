import { oneLine } from "../../src/format/queue-header.ts";
import { freshnessOf } from "./freshness.ts";
import { seenIn } from "./look.ts";
import type { Reason } from "./reason.ts";
import type { Seen } from "./seen.ts";

/**
 * What the machine told the hub of itself, for when it cannot be asked. How old that is nobody can tell, so a fresh beat of
 * the worker counts more.
 */
export function aboutReport({ report, machine, hub }: Seen): Reason[] {
  if (report?.service === undefined || machine.is === "seen") return [];
  const { active, result } = report.service;
  if (active === "active" || active === "activating") return [];
  const seen = seenIn(hub);
  const isBeating = freshnessOf(seen?.age, seen?.sign?.beat?.every) === "ok";
  const state = active === "failed" ? `has failed (${oneLine(result, 40)})` : `is ${oneLine(active, 40)}`;
  return [
    {
      weight: isBeating ? "note" : active === "failed" ? "dead" : "degraded",
      about: "report",
      says: `its machine last reported that the worker ${state}, at ${oneLine(report.at, 40)} by its own clock`,
      next: "journalctl -u openclaw-worker there",
    },
  ];
}
