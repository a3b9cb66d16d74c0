import { apply } from "../../../provision/apply.ts";
import { adviceAfter } from "../../../provision/identity/advice.ts";
import { look } from "../../../provision/look.ts";
import { exitCodeOf, plan, type Plan } from "../../../provision/plan.ts";
import type { Step } from "../../../provision/step.ts";
import type { Wanted } from "../../../provision/wanted.ts";
import { confirmForOthers, confirmPaid } from "./confirm.ts";
import type { Session } from "./session.ts";
import { checklistAtTheEnd } from "./show-checklist.ts";
import { summary } from "./summary.ts";

/** Shows what would be done. Exit code 0: nothing; 2: something. */
export async function showPlan(session: Session, steps: readonly Step[]): Promise<number> {
  const { wanted, hands, tell, asked, cli } = session;
  const facts = await look({ wanted, hands, clock: cli.world.clock, tell });
  const planned = plan(steps, facts, wanted, { only: asked.onlyStep });
  tellPlan(session, planned);
  const open = planned.steps.filter(({ verdict }) => verdict.is !== "right").length;
  if (!cli.json) {
    session.teller.line("");
    session.teller.line(
      open === 0
        ? "Nothing is to be done."
        : `${open} of ${planned.steps.length} are to be done. Nothing was changed.`,
    );
  }
  return exitCodeOf(planned);
}

/** Makes everything right that is not. */
export async function converge(session: Session, steps: readonly Step[]): Promise<number> {
  const { wanted, hands, tell, asked, cli } = session;
  const startMs = cli.world.clock.monotonicMs();
  const { changed, right } = await apply({
    steps,
    wanted,
    only: asked.onlyStep,
    hands,
    clock: cli.world.clock,
    tell,
    async confirm(planned) {
      await confirmForOthers(cli, asked, planned);
      if (planned.monthly === undefined) return;
      if (!cli.json) tellPlan(session, asked.yes.said ? whatIsPaid(planned) : planned);
      await confirmPaid(cli, asked, planned);
    },
  });
  const { parts, facts } = session;
  const { repository, machine } = facts;
  for (const text of adviceAfter(changed, wanted, { host: parts.repoHost, facts: repository, machine })) {
    tell({ event: "advice", text });
  }
  if (!cli.json) {
    const ms = cli.world.clock.monotonicMs() - startMs;
    session.teller.line(summary({ changed: changed.length, right, ms }, session));
    // For a worker that was made just now; whoever repairs one has seen it.
    if (changed.includes("identity.key")) session.teller.line(`\n${await checklistAtTheEnd(cli)}`);
  }
  return 0;
}

/** Its price is shown whoever has agreed to it beforehand. */
function whatIsPaid({ steps }: Plan): Plan {
  return { steps: steps.filter(({ verdict }) => verdict.is === "work" && verdict.price !== undefined) };
}

function tellPlan({ tell, wanted }: { tell: Session["tell"]; wanted: Wanted }, { steps }: Plan): void {
  for (const { step, verdict } of steps) {
    const told = { step: step.id, sentence: step.sentence(wanted) };
    switch (verdict.is) {
      case "right":
        tell({ event: "right", ...told, ...(verdict.note !== undefined && { note: verdict.note }) });
        break;
      case "work": {
        const { because, price } = verdict;
        tell({ event: "planned", ...told, because, ...(price && { price }) });
        break;
      }
      case "unknown":
        tell({ event: "planned", ...told, because: "" });
        break;
      case "impossible": {
        const { code, message, hint } = verdict.fault;
        tell({ event: "failed", step: step.id, code, message, hint });
        break;
      }
      default:
        verdict satisfies never;
    }
  }
}
