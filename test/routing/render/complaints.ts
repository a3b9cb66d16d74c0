import MarkdownIt from "markdown-it";

import type {
  DiscordEmbed,
  DiscordMessage,
  Entity,
  Message,
  TelegramMessage,
} from "../../../src/ports/channel.ts";

/** What a network would refuse, or do that we do not want it to; empty for a message that is in order. */
export function complaintsAbout(message: Message): string[] {
  switch (message.kind) {
    case "telegram":
      return aboutTelegram(message);
    case "discord":
      return aboutDiscord(message);
    case "page":
      return aboutPage(message.markdown);
    case "card":
      return [];
    default:
      return message satisfies never;
  }
}

function aboutTelegram({ text, entities, keyboard, document }: TelegramMessage): string[] {
  if (document) {
    return [
      ...when(text !== "" || entities.length > 0, "text beside a document"),
      ...when(
        document.caption.length > 1024 || document.caption === "",
        "a caption that is too long or empty",
      ),
      ...unwell(document.text + document.caption),
    ];
  }
  return [
    ...when(text.length === 0 || text.length > 4096, `${text.length} units of text`),
    ...when(text !== text.trim(), "white space at an end, which Telegram takes away"),
    ...when(entities.length > 100, `${entities.length} entities`),
    ...unwell(text),
    ...entities.flatMap((entity, n) => aboutEntity(text, entity, entities.slice(n + 1))),
    ...commandsIn(text, entities),
    ...(keyboard?.rows ?? []).flatMap((row) => when(row.length === 0 || row.length > 8, "a row of no use")),
  ];
}

/** The rules of the Bot API about entities within entities. */
function aboutEntity(text: string, entity: Entity, later: readonly Entity[]): string[] {
  const { offset, length, type, url } = entity;
  const end = offset + length;
  const inside = text.slice(offset, end);
  const overlapping = later.filter((other) => other.offset < end);
  const verbatim = ["code", "pre"];
  const quotes = ["blockquote", "expandable_blockquote"];
  return [
    ...when(offset < 0 || length <= 0 || end > text.length, `${type} out of the text`),
    ...when(inside !== inside.toWellFormed(), `${type} cuts a character`),
    ...when(type === "text_link" && inside !== url, `a link to ${url} that says ${inside}`),
    ...overlapping.flatMap((other) => [
      ...when(other.offset < offset, "entities out of order"),
      ...when(other.offset + other.length > end, `${other.type} reaches out of ${type}`),
      ...when(other.type === type, `${type} in ${type}`),
      ...when(verbatim.includes(type), `${other.type} in ${type}`),
      ...when(verbatim.includes(other.type) && !quotes.includes(type), `${other.type} in ${type}`),
      ...when(quotes.includes(type) && quotes.includes(other.type), "a quote in a quote"),
    ]),
  ];
}

/** What Telegram would make a command or a mention of by itself. */
function commandsIn(text: string, entities: readonly Entity[]): string[] {
  const own = entities.filter(({ type }) => ["code", "pre", "text_link"].includes(type));
  const found = text.matchAll(/(?<![\p{L}\p{N}_/<>])\/[a-z0-9_]|(?<![a-z0-9_])@[a-z0-9_]/giu);
  return Array.from(found)
    .filter(({ index }) => !own.some(({ offset, length }) => index >= offset && index < offset + length))
    .map(({ 0: sign, index }) => `${sign} at ${index} can be pressed`);
}

function aboutDiscord({ content = "", embeds, files = [] }: DiscordMessage): string[] {
  const together = embeds.reduce((sum, embed) => sum + unitsOf(embed), 0);
  return [
    ...when(content.length > 2000, "content over 2000"),
    ...when(embeds.length > 10, `${embeds.length} embeds`),
    ...when(together > 6000, `${together} units in all embeds`),
    ...when(embeds.length === 0 && content === "" && files.length === 0, "an empty message"),
    ...when(files.length > 10, "too many files"),
    ...files.flatMap(({ text }) => unwell(text)),
    ...embeds.flatMap(aboutEmbed),
  ];
}

function unitsOf({ title = "", description = "", fields = [], footer }: DiscordEmbed): number {
  const texts = [
    title,
    description,
    footer?.text ?? "",
    ...fields.flatMap(({ name, value }) => [name, value]),
  ];
  return texts.join("").length;
}

function aboutEmbed({ title, description, fields = [], footer, timestamp, ...rest }: DiscordEmbed): string[] {
  const texts = [title, description, ...fields.flatMap(({ name, value }) => [name, value])];
  return [
    ...outside("title", title, 256),
    ...outside("description", description, 4096),
    ...outside("footer", footer?.text, 2048),
    ...when(fields.length > 25, `${fields.length} fields`),
    ...fields.flatMap(({ name, value }) => [...outside("name", name, 256), ...outside("value", value, 1024)]),
    ...when(timestamp !== undefined && Number.isNaN(Date.parse(timestamp)), "no timestamp"),
    ...Object.keys(rest).flatMap((name) => when(!["color", "url"].includes(name), `${name} in an embed`)),
    ...texts.flatMap((text) => (text === undefined ? [] : [...unwell(text), ...discordSignsIn(text)])),
  ];
}

function outside(what: string, text: string | undefined, most: number): string[] {
  return text === undefined
    ? []
    : when(text.trim() === "" || text.length > most, `a ${what} of ${text.length}`);
}

/** Whatever Discord would still read as a sign once code, plain addresses and escapes are taken out. */
function discordSignsIn(markdown: string): string[] {
  const bare = markdown
    .replace(/^((?:> )?)```[\w+#.-]*\n(?:[\s\S]*?\n)?(?:> )?```$/gm, "$1")
    .replace(/\\[^A-Za-z0-9\s]|(`+)(?=[^`])([\s\S]*?[^`])\1(?!`)|<https?:\/\/[^\s<>]+>/g, "·");
  const signs = /[`<|[\]_]|@(?:everyone|here)|^(?:> )?(?:#(?!## )|-(?!# )|\+ )/gm;
  return Array.from(
    bare.matchAll(signs),
    ({ 0: sign, index }) => `${sign} in ${bare.slice(index, index + 30)}`,
  );
}

const reader = new MarkdownIt("default", { html: true, linkify: false, maxNesting: 1000 });

/** Read as a host would read it, the page has no tags, no images, and no link but those that show where they lead. */
function aboutPage(markdown: string): string[] {
  const tokens = reader.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  return [
    ...unwell(markdown),
    ...tokens.flatMap(({ type, info, tag }) => [
      ...when(["html_block", "html_inline", "image"].includes(type), type),
      ...when(type === "link_open" && info !== "auto", "a link with other words than its address"),
      ...when(type === "heading_open" && !["h3", "h4"].includes(tag), `a ${tag}`),
      ...when(["code_block", "hr", "table_open"].includes(type), type),
    ]),
  ];
}

function unwell(text: string): string[] {
  const isBad = /[^\P{Cc}\n\t]|[\u202a-\u202e]/u.test(text) || !text.isWellFormed();
  return when(isBad, "a bad character");
}

function when(is: boolean, complaint: string): string[] {
  return is ? [complaint] : [];
}
