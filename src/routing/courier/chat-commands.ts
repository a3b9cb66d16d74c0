import { durationText, Duration } from "../../core/duration.ts";
import type { Typed } from "../../ports/owner-commands.ts";
import type { RoutingRequest } from "../request.ts";
import { openActions, why } from "../deliveries/select.ts";
import type { State } from "../deliveries/state.ts";
import type { EventId } from "../../core/envelope.ts";

/** What chat commands need of the courier. */
export type Counter = {
  state: State;
  now: () => Date;
  /** How an instant is written for the owner. */
  clock: (instant: string) => string;
  /** Resolves when it is on disk. */
  ask: (request: RoutingRequest) => Promise<void>;
};

type ChatCommand = { usage: string; summary: string; run(typed: Typed): Promise<string> };

/** What the owner may ask of routing from a chat. */
export function routingCommands(counter: () => Counter): Record<string, ChatCommand> {
  return {
    inbox: { usage: "", summary: "what waits for you", run: async () => inbox(counter()) },
    quiet: {
      usage: "[2h | off]",
      summary: "hold messages back for a while",
      run: ({ args, person }) => quiet(counter(), args, person),
    },
    why: {
      usage: "<event>",
      summary: "where an event went",
      run: async ({ args }) => whyText(counter(), args),
    },
  };
}

function inbox({ state, clock }: Counter): string {
  const open = openActions(state);
  if (open.length === 0) return "Nothing waits for you.";
  return open
    .map(({ question: { action }, envelope }) => {
      const until = action.deadline === undefined ? "" : `, until ${clock(action.deadline)}`;
      return `- ${envelope.title}${until} (\`${action.id}\`)`;
    })
    .join("\n");
}

async function quiet({ state, now, clock, ask }: Counter, args: string, person: string): Promise<string> {
  if (args === "") {
    const until = state.quiet?.until ?? undefined;
    const lasts = until !== undefined && Date.parse(until) > now().getTime();
    return lasts ? `Quiet until ${clock(until)}.` : "No quiet was asked for, besides the usual hours.";
  }
  if (args === "off") {
    await ask({ kind: "quiet", until: null, by: person });
    return "What was held back comes now.";
  }
  const duration = Duration.safeParse(args);
  if (!duration.success) return "Say how long, such as `/quiet 2h`, or `/quiet off`.";
  const until = new Date(now().getTime() + duration.data * 1000).toISOString();
  await ask({ kind: "quiet", until, by: person });
  return `Quiet for ${durationText(duration.data)}; what is critical comes nevertheless.`;
}

function whyText({ state }: Counter, args: string): string {
  const found = why(state, args as EventId);
  if (!found) return `There is no event ${args}.`;
  const { envelope, plan, sent } = found;
  const lines = sent.map(
    ({ destination, progress, reason }) => `- ${destination}: ${progress.kind} (${reason})`,
  );
  const none = (plan?.suppressed ?? []).map(
    ({ why: because, destination }) => `- ${destination ?? "nowhere"}: ${because}`,
  );
  return [`${envelope.title} (${envelope.category})`, ...lines, ...none].join("\n");
}
