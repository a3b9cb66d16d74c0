import type { Card } from "../../core/card.ts";
import { plain } from "../../format/plain.ts";
import type { PageMessage } from "../../ports/channel.ts";
import { answerLine } from "./answer-line.ts";
import { icons } from "./icons.ts";
import { fittingLines, leftOver } from "./listed.ts";
import { cleanLine } from "./rich-text/clean.ts";
import { readMarkdown, readPlain } from "./rich-text/read-markdown.ts";
import { joined, marked, nothing, type RichText } from "./rich-text/rich-text.ts";
import { cut, cutText } from "./rich-text/split.ts";
import { writeMarkdown, type Dialect } from "./rich-text/write-markdown.ts";

/** As many events as a person still reads through. */
const mostItems = 200;
const longestBody = 60_000;

/** Of CommonMark, and of hosts that make mentions and formulas of more than it says. */
const commonMark: Dialect = {
  words: plain,
  lineStart(line) {
    // A space that does not break makes no code block of what is only indented.
    const space = "\u00a0".repeat(/^\s*/.exec(line)?.[0].length ?? 0);
    return /^(?:[-+=]|\d+\))/.test(line.trimStart()) ? `${space}\\` : space;
  },
  heading: "#### ",
  small: "",
  lineEnd: "  ",
};

/** A section of a channel's page, or of what a terminal shows. */
export function pageMessage(card: Card): PageMessage {
  const title = `### ${plain(cutText(cleanLine(`${icons[card.tone]} ${card.title}`), 250))}`;
  const head = writeMarkdown(headOf(card), commonMark);
  const body = writeMarkdown(cut(readMarkdown(card.body ?? ""), { units: longestBody }), commonMark);
  const foot = writeMarkdown(marked(cleanLine(card.marker), "code"), commonMark);
  const parts = [title, head, body, `${foot} · ${plain(cleanLine(card.at))}`];
  return { kind: "page", markdown: `${parts.filter((part) => part !== "").join("\n\n")}\n` };
}

function headOf(card: Card): RichText {
  const { decided, facts, lines, note } = card;
  return joined(
    [
      decided === undefined ? nothing : marked(cleanLine(decided), "bold"),
      readPlain(note ?? ""),
      ...lines.map(readPlain),
      readPlain(facts.map(({ name, value }) => `${name} ${value}`).join(" · ")),
      answerLine(card),
      ...itemsOf(card),
    ],
    "\n",
  );
}

function itemsOf(card: Card): RichText[] {
  const { shown, left } = fittingLines(card.items ?? [], () => 0, mostItems);
  const lines = shown.map(({ title, detail, event }) =>
    joined([readPlain(cleanLine(`${title} · ${detail}`)), marked(event, "code")], " · "),
  );
  if (left === 0) return lines;
  const { words, command } = leftOver(card, left);
  return [...lines, joined([readPlain(words), marked(command, "code")], " ")];
}
