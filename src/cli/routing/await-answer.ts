import type { ActionId } from "../../core/envelope.ts";
import { fold } from "../../routing/deliveries/fold.ts";
import type { RoutingDesk } from "../../wire/routing-files.ts";
import type { World } from "../../wire/world.ts";

/** `overtaken`: news made an answer pointless. */
export type Awaited =
  | { kind: "answered"; verb: string; text?: string | undefined; by: string; at: string }
  | { kind: "expired" }
  | { kind: "overtaken"; why: string };

/** Main closes a question at its deadline; if it does not for so long, nobody is there to ask. */
const graceMs = 60_000;

/** Looks into the journal until the question is closed. */
export async function awaitAnswer(
  { clock }: World,
  desk: RoutingDesk,
  action: ActionId,
  deadlineMs: number,
): Promise<Awaited> {
  for (let seen: string | undefined; ; await clock.sleep(1000)) {
    const version = await desk.version();
    if (version !== seen) {
      seen = version;
      const answer = await answerTo(desk, action);
      if (answer) return answer;
    }
    if (clock.now().getTime() > deadlineMs + graceMs) return { kind: "expired" };
  }
}

export async function answerTo(desk: RoutingDesk, action: ActionId): Promise<Awaited | undefined> {
  const question = fold(await desk.entries()).questions.get(action);
  if (question?.overtaken) return { kind: "overtaken", why: `overtaken by ${question.overtaken.by}` };
  if (!question?.answer) return undefined;
  const { verb, text, by, at } = question.answer;
  if (by.via === "deadline") return { kind: "expired" };
  return { kind: "answered", verb, text, by: by.person, at };
}
