import { join } from "node:path";

import { openGitRepo } from "../adapters/git/git-repo.ts";
import { tryLock, type Lock } from "../adapters/files/lock.ts";
import { realClock } from "../adapters/time/real-clock.ts";
import type { Config } from "../config/settle.ts";
import type { NodeName } from "../core/ids.ts";
import { Fault } from "../fault.ts";
import type { SharedRepo } from "../ports/shared-repo.ts";
import { sshCommandOf } from "./ssh-command.ts";
import type { OpenLedger } from "./world.ts";

/** More commands than this at once on one machine are a mistake. */
const places = 16;

/**
 * The ledger for one command. Commands that run at the same time get a cache each, the first one free, and leave it
 * warm for the next.
 */
export async function openLedger(config: Config): Promise<OpenLedger> {
  const { folder, lock } = await freePlace(join(config.state, "cli"));
  const cache = join(folder, "cache.git");
  const repo = await openRepo(config, config.name, cache);
  return {
    repo,
    cache,
    async [Symbol.asyncDispose]() {
      await repo[Symbol.asyncDispose]();
      await lock[Symbol.asyncDispose]();
    },
  };
}

export function openRepo(config: Config, name: NodeName, cache: string): Promise<SharedRepo> {
  const { remote, branch } = config;
  const sshCommand = sshCommandOf(config.ssh);
  return openGitRepo({
    remote,
    branch,
    cache,
    // A domain that belongs to nobody, so that no host takes the node for one of its users.
    author: { name, email: `${name}@pawl.invalid` },
    clock: realClock,
    ...(sshCommand === undefined ? {} : { sshCommand }),
  });
}

async function freePlace(parent: string): Promise<{ folder: string; lock: Lock }> {
  for (let n = 0; n < places; n++) {
    const folder = join(parent, String(n));
    const answer = await tryLock(folder);
    if (answer.kind === "locked") return { folder, lock: answer.lock };
  }
  throw new Fault("BUSY", `${places} commands use ${parent} already`, {
    hint: "Wait for some of them to end; `ps` shows which they are.",
  });
}
