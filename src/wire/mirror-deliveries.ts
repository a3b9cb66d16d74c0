import { join } from "node:path";

import { beginBranch } from "../adapters/git/begin-branch.ts";
import { realClock } from "../adapters/time/real-clock.ts";
import type { Config } from "../config/settle.ts";
import { broke, Fault } from "../fault.ts";
import type { PushBudget } from "../ledger/push-budget.ts";
import type { Clock } from "../ports/clock.ts";
import type { Courier } from "../routing/courier/courier.ts";
import { Mirror } from "../routing/courier/mirror.ts";
import type { Entry } from "../routing/entry.ts";
import { envelopeOf } from "../routing/fact.ts";
import { nodeFolder } from "./node-folder.ts";
import { openRepo } from "./open-ledger.ts";
import { sshCommandOf } from "./ssh-command.ts";

/** Beside the ledger's branch, with no history in common with it. */
const branch = "worker-deliveries";

/** Pushes are scarce where somebody else is the host. */
const paceMs = { "own-hub": 60_000, hosted: 600_000 } as const;

type Blank = (text: string) => string;

export function readMirror(config: Config, blank: Blank): Promise<Entry[]> {
  return withMirror({ config, blank }, (mirror) => mirror.read());
}

/** Copies the journal from time to time, until `stop`. Nothing depends on it but the next machine. */
export async function mirrorDeliveries(
  courier: Pick<Courier, "mirror" | "tell">,
  { config, blank, clock, pushes }: { config: () => Config; blank: Blank; clock: Clock; pushes: PushBudget },
  stop: AbortSignal,
): Promise<void> {
  const pause = () => clock.sleep(config().profile === "hosted" ? paceMs.hosted : paceMs["own-hub"], stop);
  const pushing = () => pushes.pushed();
  for (await pause(); !stop.aborted; await pause()) {
    // It is in nobody's way: what the nodes have to push goes first.
    for (let ms = pushes.waitMs(); ms > 0 && !stop.aborted; ms = pushes.waitMs()) await clock.sleep(ms, stop);
    if (stop.aborted) return;
    try {
      await courier.mirror((entries) =>
        withMirror({ config: config(), blank, pushing }, (mirror) => mirror.add(entries)),
      );
    } catch (error) {
      courier.tell(notCopied(error, clock.now().toISOString()));
    }
  }
}

/** The cache stays on disk; git's processes do not stay in memory for one use a minute. */
async function withMirror<Answer>(
  { config, blank, pushing }: { config: Config; blank: Blank; pushing?: () => void },
  work: (mirror: Mirror) => Promise<Answer>,
): Promise<Answer> {
  const folder = nodeFolder(config, "main");
  await using repo = await openRepo({ ...config, branch }, config.name, join(folder, "mirror.git"));
  const mirror = new Mirror({
    repo,
    clock: realClock,
    blank,
    ...(pushing === undefined ? {} : { pushing }),
    begin: (files) =>
      beginBranch({
        remote: config.remote,
        branch,
        folder: join(folder, "mirror-begin.git"),
        author: { name: config.name, email: `${config.name}@pawl.invalid` },
        now: realClock.now(),
        message: "Begin to copy main's routing journal\n\n[skip ci]\n",
        files,
        sshCommand: sshCommandOf(config.ssh),
      }),
  });
  // Awaited here: otherwise the repo is closed before the work is done.
  return await work(mirror);
}

/** One event a day, whatever the reasons: the first says enough to begin with. */
function notCopied(error: unknown, at: string) {
  const why = error instanceof Fault ? `${error.message} [${error.code}]` : capital(broke(error));
  return envelopeOf(
    {
      identity: ["mirror", at.slice(0, 10)],
      category: "system.delivery",
      severity: "warning",
      subject: `branch:${branch}`,
      title: `The deliveries could not be copied to ${branch}`,
      summary: `${why}. They are safe on this machine; it is tried again.`,
    },
    at,
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
