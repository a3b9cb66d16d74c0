import type { Envelope } from "../../core/envelope.ts";
import type { Plan } from "../plan-types.ts";
import type { Routing } from "./settings.ts";
import { deliveryText, destinationText, suppressionText, traceText } from "./words.ts";

/** What a plan is explained with: the same for one just made and one of last week, with the time it was made at. */
export type Explained = {
  envelope: Envelope;
  plan: Plan;
  routing: Pick<Routing, "destinations" | "timezone">;
  now: Date;
};

/** Why this event does (not) come to whom: each rule with its verdict, and what came of it. */
export function explain({ envelope, plan, routing, now }: Explained): string[] {
  const { category, severity, status, title, source, at } = envelope;
  const kind = status === "once" ? "" : ` ${status}`;
  const width = Math.max(
    0,
    ...plan.deliveries.map(({ destination }) => destinationText(destination, routing).length),
  );
  return [
    `${category} ${severity}${kind} ${JSON.stringify(title)} from ${source} at ${at}`,
    ...plan.trace.map((line) => `  ${traceText(line)}`),
    ...plan.deliveries.map((delivery) => {
      const where = destinationText(delivery.destination, routing).padEnd(width);
      return `  => ${where}  ${deliveryText(delivery, routing.timezone, now)}`;
    }),
    ...plan.suppressed.map((one) => {
      const where = one.destination === undefined ? "" : `${destinationText(one.destination, routing)} `;
      return `  =| ${where}not sent: ${suppressionText(one)}`;
    }),
  ];
}

/** Did only the last rule, the one for everything, want it? Then nobody has thought of its kind. */
export function isWithoutRule({ trace }: Plan): boolean {
  const first = trace.findIndex(({ verdict }) => verdict === "matched");
  return first === trace.findLastIndex(({ rule }) => !rule.startsWith("("));
}
