import type { Health } from "./judge.ts";

/** Something that a person should know about a worker, and what to type about it. */
export type Reason = {
  /** A note changes nothing about the worker's health. */
  weight: "note" | "degraded" | "dead";
  about:
    | "server"
    | "ssh"
    | "machine"
    | "versions"
    | "service"
    | "report"
    | "beat"
    | "hub"
    | "drift"
    | "keys"
    | "evidence";
  says: string;
  next?: string;
};

export function worst(reasons: readonly Reason[]): Health {
  if (reasons.some(({ weight }) => weight === "dead")) return "dead";
  return reasons.some(({ weight }) => weight === "degraded") ? "degraded" : "healthy";
}
