import type { Config } from "../config/settle.ts";
import { readLedger, type Ledger } from "../ledger/view.ts";
import type { SharedRepo } from "../ports/shared-repo.ts";
import type { Cli } from "./cli.ts";

export type AtLedger = { config: Config; repo: SharedRepo; ledger: Ledger };

/** Does `work` on the newest ledger. */
export async function withLedger<Answer>(cli: Cli, work: (at: AtLedger) => Promise<Answer>): Promise<Answer> {
  const config = await cli.config();
  await using open = await cli.world.openLedger(config);
  const ledger = await readLedger(await open.repo.fetch());
  // Awaited here: otherwise the ledger is closed before the work is done.
  return await work({ config, repo: open.repo, ledger });
}
