import { Fault } from "../src/fault.ts";
import type { Server } from "../src/ports/server-provider.ts";
import { gatherCloud, handsOf, type Parts } from "./carry-out.ts";
import type { Left, Tell } from "./hands.ts";
import { serverOf } from "./look.ts";

/** Long enough for a machine that works; one that has never answered is not worth more of anybody's time. */
const patienceMs = 30_000;

/** What of a worker there is to remove. Only the machine may be out of reach: what cannot be asked is not removed. */
export async function gatherLeft(parts: Parts & { isKeyOurs: boolean }, tell: Tell): Promise<Left> {
  const [cloud, repository, isPinned] = await Promise.all([
    cloudLeft(parts),
    parts.repoHost && handsOf(parts).gatherRepository(),
    parts.machine.isPinned(),
  ]);
  const server = cloud && serverOf(cloud);
  const mayBeThere = parts.wanted.target.kind === "host" || server !== undefined;
  const machine = mayBeThere ? await machineLeft(parts, server, tell) : undefined;
  const { isKeyOurs } = parts;
  return {
    ...(cloud && { cloud }),
    ...(machine && { machine }),
    ...(repository && { repository }),
    isKeyOurs,
    isPinned,
  };
}

async function cloudLeft({ provider, wanted }: Parts): Promise<Left["cloud"]> {
  if (!provider) return undefined;
  const { name, ownKey } = wanted;
  // A firewall is looked for whatever this run was asked for: an earlier one may have made it.
  const [cloud, ours] = await Promise.all([
    gatherCloud(provider, { name, ownKey, sshFrom: [] }),
    provider.ours(),
  ]);
  const server = serverOf(cloud);
  const snapshots = server ? await provider.snapshots(server.id) : [];
  const others = ours.filter((other) => other.name !== name && other.state !== "gone");
  return { ...cloud, others, snapshots };
}

async function machineLeft(
  { machine, wanted, clock }: Parts,
  server: Server | undefined,
  tell: Tell,
): Promise<Left["machine"]> {
  if (wanted.target.kind === "cloud" && server?.address === undefined) {
    return { is: "unreachable", why: `it is ${server?.state ?? "not there"}` };
  }
  const over = new AbortController();
  const answered = machine.gather(server, tell).then(
    (seen): Left["machine"] => ({ is: "reached", facts: seen.machine }),
    (error: unknown): Left["machine"] => {
      if (error instanceof Fault) return { is: "unreachable", why: error.message };
      throw error;
    },
  );
  const late = clock
    .sleep(patienceMs, over.signal)
    .then((): Left["machine"] => ({ is: "unreachable", why: `not within ${patienceMs / 1000} s` }));
  try {
    return await Promise.race([answered, late]);
  } finally {
    over.abort();
  }
}
