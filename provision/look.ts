import type { Clock } from "../src/ports/clock.ts";
import type { Server } from "../src/ports/server-provider.ts";
import { Fault } from "../src/fault.ts";
import type { CloudFacts, Facts } from "./facts.ts";
import type { Hands, Tell } from "./hands.ts";
import type { Wanted } from "./wanted.ts";

export type Source = "cloud" | "machine" | "repository";

type Looking = { wanted: Wanted; hands: Hands; clock: Clock; tell: Tell };

/** The step that is told to have failed when a source cannot be asked at all. */
const firstSteps: Record<Source, string> = {
  cloud: "cloud.account",
  machine: "contact.host-key",
  repository: "identity.registered",
};

/**
 * The first look: each source is asked once, at the same time as far as one does not tell where the other is. Tells of
 * a source that failed, and throws its Fault when all others have answered.
 */
export async function look(looking: Looking): Promise<Facts> {
  const { wanted, tell } = looking;
  const asked = async (source: Source, facts: Facts = {}) => {
    try {
      return await lookAgain(looking, facts, source);
    } catch (error) {
      if (error instanceof Fault) tell(failed(firstSteps[source], error));
      throw error;
    }
  };
  const near = async () => {
    const facts = wanted.target.kind === "cloud" ? await asked("cloud") : {};
    return isReachable(facts, wanted) ? asked("machine", facts) : facts;
  };
  const far = async () => (wanted.repository.keys === "api" ? asked("repository") : {});
  const looks = await Promise.allSettled([near(), far()]);
  return looks.reduce<Facts>((all, one) => {
    if (one.status === "rejected") throw one.reason;
    return { ...all, ...one.value };
  }, {});
}

/** The same facts with those of one source as they are now. */
export async function lookAgain(looking: Looking, facts: Facts, source: Source): Promise<Facts> {
  const { hands, clock, tell } = looking;
  const startMs = clock.monotonicMs();
  const seen = async (): Promise<Facts> => {
    if (source === "cloud") return { cloud: await hands.gatherCloud() };
    if (source === "repository") return { repository: await hands.gatherRepository() };
    return hands.gatherMachine(facts.cloud && serverOf(facts.cloud), tell);
  };
  const now = { ...facts, ...(await seen()) };
  tell({ event: "facts", source, ms: clock.monotonicMs() - startMs });
  return now;
}

/** Whether the facts tell where the machine is; that it answers is another matter. */
export function isReachable({ cloud }: Facts, { target }: Wanted): boolean {
  if (target.kind === "host") return true;
  const server = cloud && serverOf(cloud);
  return server?.state === "active" && server.address !== undefined;
}

/** The one server of this name, if it is ours: of twins none is. */
export function serverOf(cloud: CloudFacts): Server | undefined {
  const [server, ...twins] = serversOf(cloud);
  return twins.length === 0 && server?.ours === true ? server : undefined;
}

/** All of this name that are more than a memory of the provider's. */
export function serversOf({ servers }: Pick<CloudFacts, "servers">): Server[] {
  return servers.filter(({ state }) => state !== "gone");
}

export function failed(step: string, { code, message, hint }: Fault, report?: string) {
  return { event: "failed", step, code, message, hint, ...(report !== undefined && { report }) } as const;
}
