import { Fault } from "../../fault.ts";
import type { Plan } from "../../../provision/plan.ts";
import { money } from "../../../provision/price-text.ts";
import { askYes } from "../ask-yes.ts";
import type { Cli } from "../cli.ts";
import type { Asked } from "./asked.ts";

/** Nothing that costs money is ordered before somebody has seen what it costs and agreed. */
export async function confirmPaid(cli: Cli, { yes, name }: Asked, { monthly }: Plan): Promise<void> {
  if (monthly === undefined || yes.said) return;
  const price = `${money(monthly.monthly, monthly.currency)} a month, until it is destroyed`;
  if (canAsk(cli) && (await askYes(cli, `Order the server ${name} for ${price}?`))) return;
  throw new Fault("NOT_CONFIRMED", `The server ${name} would cost ${price}, and nobody has agreed`, {
    hint: "Nothing was ordered. --yes agrees beforehand; --plan shows all that would be done.",
  });
}

/** What changes more than this worker is not done before somebody has agreed. */
export async function confirmForOthers(cli: Cli, { yes }: Asked, { steps }: Plan): Promise<void> {
  for (const { verdict } of steps) {
    if (verdict.is !== "work" || verdict.consent === undefined || yes.said) continue;
    if (canAsk(cli) && (await askYes(cli, `Really ${verdict.consent}?`))) continue;
    throw new Fault("NOT_CONFIRMED", `This run would ${verdict.consent}, and nobody has agreed`, {
      hint: "Nothing was changed. --yes agrees beforehand; --plan shows all that would be done.",
    });
  }
}

/** What cannot be taken back wants the worker's name, typed now or said beforehand. */
export async function confirmDestroy(cli: Cli, { yes, name }: Asked): Promise<void> {
  if (yes.name === name) return;
  if (canAsk(cli) && !yes.said) {
    cli.world.err.write(`\nThis cannot be taken back. Type the name ${name} to go on: `);
    if ((await cli.world.input.line()).trim() === name) return;
  }
  throw new Fault("NOT_CONFIRMED", `${name} was not destroyed: nobody has repeated its name`, {
    hint: `Nothing was changed. In a script: provision-worker ${name} --destroy --yes ${name}.`,
  });
}

function canAsk(cli: Cli): boolean {
  return cli.world.input.isTerminal && !cli.json;
}
