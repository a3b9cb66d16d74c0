import { EventId } from "../../core/envelope.ts";
import { Fault } from "../../fault.ts";
import { fold } from "../../routing/deliveries/fold.ts";
import { why } from "../../routing/deliveries/select.ts";
import type { Delivery } from "../../routing/deliveries/state.ts";
import { explain } from "../../routing/rules/explain.ts";
import type { Cli } from "../cli.ts";
import { when } from "../when.ts";

/** What was decided about an event when it came, by the rules of then, and what became of it. */
export async function whyEvent(cli: Cli, given: string): Promise<void> {
  const config = await cli.config();
  const state = fold(await (await cli.world.routing(config)).entries());
  const id = EventId.safeParse(given).data;
  const told = id && why(state, id);
  if (!told) {
    throw new Fault("EVENT_NOT_FOUND", `No event ${given} is known here`, {
      hint: "The id stands small under each message; `pawl deliveries` has those of late.",
    });
  }
  const { envelope, plan, at, sent, config: rules } = told;
  const deliveries = sent.map(({ id: delivery, destination, progress, sentAt }) => ({
    id: delivery,
    destination,
    state: progress.kind,
    sentAt: sentAt ?? null,
    ...("why" in progress ? { why: progress.why } : {}),
  }));
  cli.answer({ envelope, plan: plan ?? null, rules: rules ?? null, deliveries }, () =>
    [
      ...(plan
        ? explain({ envelope, plan, routing: config.routing, now: new Date(at) })
        : [`${envelope.category} ${JSON.stringify(envelope.title)}: main has not planned it yet`]),
      ...sent.map((delivery) => `  ${text(delivery)}`),
    ].join("\n"),
  );
}

function text({ destination, progress, sentAt, id }: Delivery): string {
  const because = "why" in progress ? `: ${progress.why}` : "";
  const sent = sentAt === undefined ? "" : ` ${when(sentAt)}`;
  return `${destination}: ${progress.kind}${sent}${because}  (${id})`;
}
