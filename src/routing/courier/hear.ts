import type { ActionId } from "../../core/envelope.ts";
import type { OwnerCommands, Typed } from "../../ports/owner-commands.ts";
import type { Heard, Reaction } from "../../ports/owner-line.ts";
import { byOf, deliveryAt, heed, type Heeded } from "../actions/answer.ts";
import { questionOf } from "../deliveries/select.ts";
import type { State } from "../deliveries/state.ts";
import { verbs } from "../verbs.ts";

export type Hearing = {
  state: State;
  now: Date;
  via: "telegram" | "discord";
  /** How an instant is written for people. */
  clock: (instant: string) => string;
  commands: OwnerCommands | undefined;
};

const noEntries = { entries: [] };

/** What a person said leads to. Commands are asked of others and may take a while; everything else is decided at once. */
export async function listenTo(heard: Heard, hearing: Hearing): Promise<Heeded> {
  switch (heard.kind) {
    case "press":
      return press(heard, hearing);
    case "reply":
      return reply(heard, hearing);
    case "command":
      return { ...noEntries, reaction: await command(heard, hearing) };
    case "text":
      return { ...noEntries, reaction: await command({ ...heard, name: "help", args: "" }, hearing) };
    default:
      return heard satisfies never;
  }
}

function press(heard: Heard & { kind: "press" }, { state, now, via, clock }: Hearing): Heeded {
  const { verb, payloadHashPrefix, chat, message } = heard;
  const action = heard.action as ActionId;
  if (verb === verbs.showAll) return { ...noEntries, reaction: showAll(state, action) };
  const on = deliveryAt(state, chat, message)?.id;
  return heed(
    state,
    {
      action,
      verb,
      by: byOf(heard, via),
      ...(payloadHashPrefix === undefined ? {} : { payloadHashPrefix }),
      ...(on === undefined ? {} : { on }),
    },
    now,
    clock,
  );
}

/** Words count as an answer only where words were asked for. */
function reply(heard: Heard & { kind: "reply" }, { state, now, via, clock }: Hearing): Heeded {
  const on = deliveryAt(state, heard.chat, heard.to);
  // A list has many questions, and words behind it need not be meant for the first.
  const question = on && on.content.kind !== "list" ? questionOf(state, on) : undefined;
  if (question?.action.kind !== "input") {
    return {
      ...noEntries,
      reaction: say("Nothing was asked there that is answered with words. /help tells what I understand."),
    };
  }
  const given = { action: question.action.id, verb: verbs.approve, text: heard.text, by: byOf(heard, via) };
  const { entries, reaction } = heed(state, given, now, clock);
  return { entries, reaction: say(reaction.toast ?? "Recorded") };
}

function showAll(state: State, action: ActionId): Reaction {
  const question = state.questions.get(action);
  const envelope = question && state.events.get(question.event)?.envelope;
  return envelope?.body === undefined
    ? { toast: "There is no more to show", alert: true }
    : { reply: { markdown: envelope.body } };
}

async function command({ name, args, person, key }: Typed, { commands }: Hearing): Promise<Reaction> {
  if (!commands) return say("Nobody here understands commands.");
  return { reply: await commands.answer({ name, args, person, key }) };
}

function say(markdown: string): Reaction {
  return { reply: { markdown } };
}
