import { realClock } from "../adapters/time/real-clock.ts";
import type { PushBudget } from "../ledger/push-budget.ts";
import type { Config } from "../config/settle.ts";
import { runErrand, type ErrandTools } from "../main/errand.ts";
import { ledgerCommands, type OwnerCommand, type OwnerTools } from "../main/owner/ledger-commands.ts";
import type { CarryOut } from "../ports/carry-out.ts";
import { openLedger } from "./open-ledger.ts";
import { pastPrompt } from "./past-prompt.ts";

/** Carries answers out on the ledger, which is opened for each: they are few, and main's own loop goes on meanwhile. */
export function carryOutOn(config: () => Config, pushes: PushBudget): CarryOut {
  return {
    carryOut: (errand) => withTools({ config: config(), pushes }, (tools) => runErrand(tools, errand)),
  };
}

/** What the owner may ask of the ledger from a chat. */
export function ledgerCommandsOn(config: () => Config, pushes: PushBudget): Record<string, OwnerCommand> {
  return ledgerCommands((work) => withTools({ config: config(), pushes }, work));
}

async function withTools<Answer>(
  { config, pushes }: { config: Config; pushes: PushBudget },
  work: (tools: OwnerTools) => Promise<Answer>,
): Promise<Answer> {
  await using open = await openLedger(config);
  const tools: ErrandTools = {
    repo: open.repo,
    node: config.name,
    clock: realClock,
    chance: Math.random,
    pushes,
    pastPrompt: (id) => pastPrompt(config, id),
  };
  // Awaited here: otherwise the ledger is closed before the work is done.
  return await work({ ...tools, defaults: config.defaults });
}
