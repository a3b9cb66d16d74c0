import { join } from "node:path";

import { addressOf, goesOverSsh } from "../../src/adapters/git/address.ts";
import { gitEnvironment } from "../../src/adapters/git/environment.ts";
import { makeHub } from "../../src/adapters/git/hub.ts";
import { makeCache } from "../../src/adapters/git/make-cache.ts";
import { closeConnection, makeConnectionFolder } from "../../src/adapters/git/ssh.ts";
import type { Repos } from "../../test/support/repos.ts";
import { GitFloor } from "./git-floor.ts";
import type { Way } from "./ways.ts";

/** What git alone took: of the same commands, in the same order, without anything in between. */
export type FloorRound = {
  /** build, push; fetch, build, push */
  dispatch: number;
  /** fetch, build, push; build, push */
  cycle: number;
  /** push, fetch, push */
  pushes: number;
};

export type FloorPair = AsyncDisposable & { round(): Promise<FloorRound> };

const queue = `# Queue\n\n${"A line of text as people write it into their queue.\n".repeat(8)}`;

/** Two nodes of git alone, on a hub like that of `repos` that nobody else uses. */
export async function openFloor(repos: Repos, way: Way): Promise<FloorPair> {
  const hub = join(repos.folder, "floor.git");
  await makeHub(hub);
  repos.git(["push", "--quiet", hub, "main"]);
  const { remote, sshCommand } = way.to(hub);
  const folders: string[] = [];
  const open = async (name: string): Promise<GitFloor> => {
    const cache = join(repos.folder, `${name}-${way.name}.cache`);
    const address = addressOf(remote);
    const connectionFolder = goesOverSsh(address) ? await makeConnectionFolder(cache) : undefined;
    if (connectionFolder !== undefined) folders.push(connectionFolder);
    const env = gitEnvironment({ sshCommand, connectionFolder });
    await makeCache({ folder: cache, remote: address, branch: "main", env, deadlineMs: 60_000 });
    return new GitFloor(cache, env);
  };
  const [submitter, worker] = [await open("floor-submitter"), await open("floor-worker")];
  let head = repos.head() ?? "";
  let count = 0;

  return {
    async round() {
      const stops: number[] = [];
      const stop = () => stops.push(performance.now());
      count++;
      await submitter.fetch();
      stop();
      head = await submitter.build(head, "worker/QUEUE.md", `${queue}${count} queued\n`);
      stop();
      await submitter.push(head);
      stop();
      await worker.fetch();
      stop();
      head = await worker.build(head, "worker/QUEUE.md", `${queue}${count} running\n`);
      stop();
      await worker.push(head);
      stop();
      head = await worker.build(head, "worker/RESULTS/one.md", `${queue}${count} done\n`);
      stop();
      await worker.push(head);
      stop();
      const [start = 0, built = 0, pushed = 0, fetched = 0, rebuilt = 0, claimed = 0, , end = 0] = stops;
      return {
        dispatch: claimed - start,
        cycle: end - pushed,
        pushes: pushed - built + (fetched - pushed) + (claimed - rebuilt),
      };
    },
    async [Symbol.asyncDispose]() {
      for (const folder of folders) await closeConnection(folder);
    },
  };
}
