import { secretValues } from "../config/secret-values.ts";
import type { Config } from "../config/settle.ts";
import type { Surroundings } from "../config/surroundings.ts";
import { blanker } from "../format/secrets.ts";

type Secrets = Parameters<typeof secretValues>[0];

/**
 * Takes out of a text each secret that the configuration names at present, and those that it has named: one that was
 * rotated may still be on its way. Where the new ones cannot be read, it goes on with the former and tries again.
 */
export function liveBlank<Settings extends Secrets = Config>(
  config: () => Settings,
  env: Surroundings["env"],
): (text: string) => string {
  const known = new Set<string>();
  let read: Settings | undefined;
  let { blank } = blanker([]);
  const refresh = () => {
    const now = config();
    if (now === read) return;
    for (const secret of secretValues(now, env)) known.add(secret);
    ({ blank } = blanker([...known]));
    read = now;
  };
  refresh();
  return (text) => {
    try {
      refresh();
    } catch {
      // What is to be told must not be held up by a file that somebody has moved.
    }
    return blank(text);
  };
}
