import { aboutHub } from "./about-hub.ts";
import { aboutMachine } from "./about-machine.ts";
import { aboutReport } from "./about-report.ts";
import { aboutServer } from "./about-server.ts";
import { type Reason, worst } from "./reason.ts";
import type { Seen } from "./seen.ts";

export type Health = "healthy" | "degraded" | "dead";

export type Judgement = { health: Health; reasons: Reason[] };

export const exitCodes: Record<Health, number> = { healthy: 0, degraded: 1, dead: 2 };

/**
 * Says how a worker is. What could not be asked is no reason against it as long as something else shows that it lives;
 * when nothing does, it counts as dead, and the reasons say that this is for want of evidence.
 */
export function judge(seen: Seen): Judgement {
  const all = [aboutServer, aboutMachine, aboutReport, aboutHub, aboutEvidence].flatMap((about) =>
    about(seen),
  );
  // Without a configuration neither machine nor hub is asked, for the same reason.
  const reasons = all.filter(({ says }, n) => all.findIndex((other) => other.says === says) === n);
  return { health: worst(reasons), reasons };
}

function aboutEvidence({ machine, hub, name }: Seen): Reason[] {
  if (machine.is === "seen" || hub.is === "seen") return [];
  return [
    {
      weight: "dead",
      about: "evidence",
      says: "neither the machine nor the hub could be asked, so nothing shows that it lives",
      next: `worker-status ${name} from a machine that reaches them`,
    },
  ];
}
