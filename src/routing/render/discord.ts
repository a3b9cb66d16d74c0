import type { Card, Tone } from "../../core/card.ts";
import type { DiscordEmbed, DiscordMessage } from "../../ports/channel.ts";
import { answerLine } from "./answer-line.ts";
import { discordText, fittingDiscordText } from "./discord-text.ts";
import { icons } from "./icons.ts";
import { fittingLines, leftOver } from "./listed.ts";
import { clean, cleanLine } from "./rich-text/clean.ts";
import { readMarkdown, readPlain } from "./rich-text/read-markdown.ts";
import { joined, marked, nothing, type RichText } from "./rich-text/rich-text.ts";
import { sectionsOf, type Section } from "./rich-text/sections.ts";
import { cutText } from "./rich-text/split.ts";

/** UTF-16 units. Discord itself takes 4096 in a description, and 6000 in all embeds of a message together. */
const most = {
  title: 256,
  description: 3500,
  fields: 25,
  name: 256,
  value: 1024,
  footer: 2048,
  together: 6000,
};
const mostEmbeds = 10;
/** What facts may take of a message, and lines about events of a description. */
const mostOfFacts = 1800;
const mostOfItems = 2800;
/** Shown of a text that comes along as a file. */
const excerpt = 1500;

/** Always one message: what does not fit into its embeds comes along as a file. */
export function discordMessages(card: Card): DiscordMessage[] {
  const body = readMarkdown(card.body ?? "");
  const sections = card.sections === true ? sectionsOf(body) : [];
  const { embeds, isWhole } = sections.length > 1 ? inSections(card, sections) : inOne(card, body);
  return [
    {
      kind: "discord",
      embeds,
      ...(isWhole ? {} : { files: [{ name: fileName(card), text: clean(card.body ?? "") }] }),
      ...(card.mentionsOwner === true ? { mentionsOwner: true } : {}),
    },
  ];
}

type Drawn = { embeds: DiscordEmbed[]; isWhole: boolean };

function inOne(card: Card, body: RichText): Drawn {
  const frame = { ...topOf(card), ...footOf(card) };
  const units = Math.min(most.description, most.together - sizeOf(frame));
  const whole = fittingDiscordText(joined([headOf(card), body], "\n\n"), units);
  if (whole.isWhole || card.body === undefined)
    return { embeds: [described(frame, whole.text)], isWhole: true };
  const start = fittingDiscordText(joined([headOf(card), body], "\n\n"), Math.min(units, excerpt));
  const text = `${start.text}\n\nThe whole text is in ${fileName(card)}.`;
  return { embeds: [described(frame, text)], isWhole: false };
}

/** An embed for each section. What is left of the room is shared fairly, so that a long section cuts no other one. */
function inSections(card: Card, all: readonly Section[]): Drawn {
  const sections = all.slice(0, mostEmbeds - 1);
  const top = described(topOf(card), fittingDiscordText(headOf(card), excerpt).text);
  const foot = footOf(card);
  let room = most.together - sizeOf(top) - sizeOf(foot);
  let isWhole = sections.length === all.length;
  const embeds = sections.map(({ title, body }, n): DiscordEmbed => {
    const heading = title === "" ? {} : { title: escapedLine(title, most.title) };
    const share = Math.floor(room / (sections.length - n)) - sizeOf(heading);
    const text = fittingDiscordText(body, Math.max(1, Math.min(most.description, share)));
    isWhole &&= text.isWhole;
    const embed = described({ ...heading, color: colours[card.tone] }, text.text);
    room -= sizeOf(embed);
    return embed;
  });
  const last = embeds.pop();
  return { embeds: [top, ...embeds, { ...last, ...foot }], isWhole };
}

function topOf(card: Card): DiscordEmbed {
  const fields = factsOf(card);
  return {
    title: escapedLine(`${icons[card.tone]} ${card.title}`, most.title),
    color: colours[card.tone],
    ...(card.url === undefined ? {} : { url: card.url }),
    ...(fields.length === 0 ? {} : { fields }),
  };
}

const colours: Record<Tone, number> = {
  ok: 0x2e_cc_71,
  info: 0x95_a5_a6,
  warning: 0xf3_9c_12,
  bad: 0xe7_4c_3c,
  ask: 0x34_98_db,
};

function factsOf({ facts }: Card): NonNullable<DiscordEmbed["fields"]> {
  const fields = facts.flatMap(({ name, value }) => {
    const shown = { name: escapedLine(name, most.name), value: escapedLine(value, most.value), inline: true };
    return shown.name === "" || shown.value === "" ? [] : [shown];
  });
  return fittingLines(fields, ({ name, value }) => name.length + value.length, mostOfFacts).shown.slice(
    0,
    most.fields,
  );
}

function footOf({ at, marker }: Card): DiscordEmbed {
  const time = new Date(at);
  return {
    footer: { text: cutText(cleanLine(marker), most.footer) },
    ...(Number.isNaN(time.getTime()) ? {} : { timestamp: time.toISOString() }),
  };
}

function headOf(card: Card): RichText {
  const { decided, lines, note } = card;
  return joined(
    [
      decided === undefined ? nothing : marked(cleanLine(decided), "bold"),
      readPlain(note ?? ""),
      ...lines.map(readPlain),
      answerLine(card),
      ...itemsOf(card),
    ],
    "\n",
  );
}

function itemsOf(card: Card): RichText[] {
  const lines = (card.items ?? []).map(({ title, detail, event }) =>
    joined(
      [
        readPlain(cutText(cleanLine(title), 250)),
        marked(cutText(cleanLine(`${detail} · ${event}`), 150), "small"),
      ],
      "\n",
    ),
  );
  const { shown, left } = fittingLines(lines, (line) => discordText(line).length, mostOfItems);
  if (left === 0) return shown;
  const { words, command } = leftOver(card, left);
  return [...shown, joined([readPlain(words), marked(command, "code")], " ")];
}

function described(embed: DiscordEmbed, text: string): DiscordEmbed {
  return text === "" ? embed : { ...embed, description: text };
}

/** Plain text on one line with nothing in it that would be read as a sign. */
function escapedLine(text: string, units: number): string {
  return fittingDiscordText(readPlain(cleanLine(text)), units).text;
}

/** What Discord counts towards the 6000 units of a message. */
export function sizeOf({ title = "", description = "", fields = [], footer }: DiscordEmbed): number {
  const inFields = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  return title.length + description.length + inFields + (footer?.text.length ?? 0);
}

function fileName({ sections }: Card): string {
  return sections === true ? "briefing.md" : "result.md";
}
