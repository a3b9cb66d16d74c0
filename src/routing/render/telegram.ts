import type { Button, Card } from "../../core/card.ts";
import type { KeyboardButton, TelegramMessage } from "../../ports/channel.ts";
import { verbs } from "../verbs.ts";
import { icons } from "./icons.ts";
import { fittingLines, leftOver } from "./listed.ts";
import { clean, cleanLine } from "./rich-text/clean.ts";
import { readMarkdown, readPlain } from "./rich-text/read-markdown.ts";
import { folded, joined, marked, nothing, type RichText } from "./rich-text/rich-text.ts";
import { cut, cutText, split } from "./rich-text/split.ts";
import { entitiesOf, withoutCommands } from "./telegram-text.ts";

/** Telegram takes 4096 UTF-16 units and heeds 100 entities; a caption has 1024 units. */
const wholeMessage = { units: 4096, marks: 95 };
const longestHead = { units: 2200, marks: 40 };
/** Below the fold of a question, or above a document. */
const excerpt = { units: 1200, marks: 50 };
const longestCaption = 1024;
const mostOfItems = 1500;
const longestLabel = 40;
const mostParts = 3;

/** One message for a question; for anything else up to three, or an excerpt and the whole as a document. */
export function telegramMessages(card: Card): TelegramMessage[] {
  const head = cut(headOf(card), longestHead);
  const tail = card.ask?.action ?? card.event;
  const foot = tail === undefined ? nothing : marked(tail, "code");
  const body = withoutCommands(readMarkdown(card.body ?? ""));
  if (card.ask || card.decided !== undefined) {
    const message = messageOf(joined([head, folded(cut(body, excerpt)), foot], "\n\n"));
    return [card.ask ? { ...message, keyboard: keyboardOf(card.ask) } : message];
  }
  const whole = joined([head, body, foot], "\n\n");
  const parts = split(whole, wholeMessage);
  if (parts.length <= mostParts) return parts.map(messageOf);
  const summary = joined([head, folded(cut(body, excerpt)), foot], "\n\n");
  return [messageOf(summary), documentOf(card)];
}

function headOf(card: Card): RichText {
  const { decided, facts, lines, note, title, tone } = card;
  const heading = cutText(cleanLine(`${icons[tone]} ${title}`), 250);
  const rest = [
    decided,
    note,
    ...lines,
    facts.map(({ name, value }) => `${name} ${value}`).join(" · "),
    ...itemsOf(card),
  ];
  const below = rest.filter((line) => line !== undefined && line !== "").join("\n");
  return withoutCommands(joined([marked(heading, "bold"), readPlain(below)], "\n"));
}

function itemsOf(card: Card): string[] {
  const lines = (card.items ?? []).map(({ title, detail }) =>
    cutText(cleanLine(`${title} · ${detail}`), 200),
  );
  const { shown, left } = fittingLines(lines, (line) => line.length, mostOfItems);
  if (left === 0) return shown;
  const { words, command } = leftOver(card, left);
  return [...shown, words + command];
}

function messageOf(rich: RichText): TelegramMessage {
  return { kind: "telegram", text: rich.text, entities: entitiesOf(rich) };
}

/** Nothing in a file is drawn, so its Markdown stays; only what nobody sees is taken out. */
function documentOf(card: Card): TelegramMessage {
  const caption = cutText(cleanLine(`The whole of: ${card.title}`), longestCaption);
  return {
    kind: "telegram",
    text: "",
    entities: [],
    document: { name: "result.md", text: clean(card.body ?? ""), caption },
  };
}

function keyboardOf({
  action,
  payloadHash,
  rows,
}: NonNullable<Card["ask"]>): NonNullable<TelegramMessage["keyboard"]> {
  return { action, payloadHash, rows: rows.map((row) => row.map(keyOf)) };
}

function keyOf({ verb, label, style }: Button): KeyboardButton {
  const sign = signs[verb] ?? (style === undefined ? undefined : styleSigns[style]);
  const shown = cutText(cleanLine(sign === undefined ? label : `${sign} ${label}`), longestLabel);
  return style === undefined ? { verb, label: shown } : { verb, label: shown, style };
}

const signs: Record<string, string> = {
  [verbs.snooze]: "⏰",
  [verbs.showAll]: "📄",
  [verbs.back]: "↩\ufe0e",
};
const styleSigns: Partial<Record<NonNullable<Button["style"]>, string>> = {
  success: "✅",
  danger: "✖\ufe0e",
};
