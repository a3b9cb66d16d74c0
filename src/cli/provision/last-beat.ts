import type { NodeName } from "../../core/ids.ts";
import { parseBeat } from "../../format/beat.ts";
import type { Config } from "../../config/settle.ts";
import type { LastBeat } from "../../../provision/refuse-namesake.ts";
import type { Cli } from "../cli.ts";
import { ask } from "../status/ask.ts";

/** With a cold cache it is a clone. */
const seconds = 30;

/** Asks the hub of this configuration; undefined where the worker is to be one of another hub. */
export function lastBeatAt(
  { world }: Cli,
  config: Config,
  { name, repo }: { name: NodeName; repo: string | undefined },
): LastBeat | undefined {
  if (repo !== undefined && repo !== config.remote) return undefined;
  return () =>
    ask(world.clock, { seconds, what: "the hub" }, async () => {
      await using open = await world.openLedger(config);
      const { beats } = await open.repo.look();
      const commit = beats.get(name);
      const text = commit === undefined ? undefined : await open.repo.readBeat(name, commit);
      return text === undefined ? undefined : parseBeat(text);
    });
}
