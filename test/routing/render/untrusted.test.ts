import { isDeepStrictEqual } from "node:util";

import { describe, expect, test } from "vitest";

import type { Card } from "../../../src/core/card.ts";
import type { Entity, Message } from "../../../src/ports/channel.ts";
import { readMarkdown } from "../../../src/routing/render/rich-text/read-markdown.ts";
import { renderers } from "../../../src/routing/render/renderers.ts";
import { Random } from "../../support/random.ts";
import { aCard } from "./cards.ts";
import { complaintsAbout } from "./complaints.ts";
import { nasty } from "./nasty.ts";

describe("a text that is not to be trusted", () => {
  test.each(Object.entries(nasty))("draws nothing that it should not: %s", (_, text) => {
    for (const card of everywhere(text)) expect(allComplaints(card)).toEqual([]);
  });

  test("draws nothing that it should not, whatever it is", { timeout: 300_000 }, () => {
    for (let seed = 1; seed <= 20_000; seed++) {
      const random = new Random(seed);
      const text = random.text(pieces, 40);
      const complaints = allComplaints(random.pick(everywhere(text)));
      expect(complaints, `seed ${seed}: ${JSON.stringify(text)}`).toEqual([]);
    }
  });

  test("keeps its words", { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 3000; seed++) {
      const random = new Random(seed);
      const text = Array.from({ length: random.below(30) }, (_, n) => `${random.pick(pieces)}w${n}q `).join(
        "",
      );
      const shown = readMarkdown(text).text;
      const lost = wordsOf(text).filter((word) => !shown.includes(word));
      expect(lost, `seed ${seed}: ${JSON.stringify(text)}`).toEqual([]);
    }
  });

  test.each(Object.entries(slow))(
    "is read in one go, without growing: %s",
    { timeout: 30_000 },
    (_, piece) => {
      const text = piece.repeat(Math.ceil(200_000 / piece.length));
      const { text: read, marks } = readMarkdown(text);
      expect(read.length).toBeLessThanOrEqual(400_000);
      expect(marks.length).toBeLessThanOrEqual(text.length);
      expect(allComplaints(aCard({ body: text }))).toEqual([]);
    },
  );
});

test.each<[what: string, message: Message]>([
  ["a command", telegram("run /approve")],
  ["a mention", telegram("hello @aaron")],
  [
    "a link with other words",
    telegram("bank", { type: "text_link", offset: 0, length: 4, url: "http://a.b" }),
  ],
  [
    "code in bold",
    telegram("code", { type: "bold", offset: 0, length: 4 }, { type: "code", offset: 1, length: 2 }),
  ],
  ["half a character", telegram("a\ud83d")],
  ["too long a text", telegram("x".repeat(4097))],
  ["a mention of all", discord("hello @everyone")],
  ["a masked link", discord("[bank](http://a.b)")],
  ["a mention of one", discord("<@123>")],
  ["a fence that is left open", discord("```\ncode")],
  ["a heading", discord("# big")],
  ["too long a description", discord("x".repeat(4097))],
  ["an image", { kind: "page", markdown: "![i](http://a.b/c.png)" }],
  ["a tag", { kind: "page", markdown: "a <b>" }],
  ["a link", { kind: "page", markdown: "[a](http://a.b)" }],
])("the checks of these tests see %s", (_, message) => {
  expect(complaintsAbout(message)).not.toEqual([]);
});

function telegram(text: string, ...entities: Entity[]): Message {
  return { kind: "telegram", text, entities };
}

function discord(description: string): Message {
  return { kind: "discord", embeds: [{ description }] };
}

/** The same text in each place where a stranger's text can stand. */
function everywhere(text: string): Card[] {
  const event = aCard().event!;
  return [
    aCard({ body: text }),
    aCard({ body: text, sections: true }),
    aCard({ body: text, ask: { action: `ac_${"0".repeat(22)}` as never, payloadHash: "", rows: [] } }),
    aCard({
      title: text,
      lines: [text, text],
      note: text,
      decided: text,
      facts: [{ name: text, value: text }],
    }),
    aCard({ items: Array.from({ length: 25 }, () => ({ title: text, detail: text, event })) }),
  ];
}

function allComplaints(card: Card): string[] {
  const messages: Message[] = Object.values(renderers).flatMap((render) => render(card));
  const drawnButtons = messages.flatMap((message) => ("keyboard" in message ? [message.keyboard?.rows] : []));
  const wantedButtons = card.ask ? [card.ask.rows] : [];
  return [
    ...(isDeepStrictEqual(drawnButtons, wantedButtons) ? [] : ["telegram: a button that nobody asked for"]),
    ...messages.flatMap((message) =>
      complaintsAbout(message).map((complaint) => `${message.kind}: ${complaint}`),
    ),
  ];
}

/** Words that no mark hides by right: the title of a link and the language of code are not shown. */
function wordsOf(text: string): string[] {
  return /["'(]|```|~~~|\]:/.test(text) ? [] : Array.from(text.matchAll(/w\d+q/g), ([word]) => word);
}

const pieces = [
  "*", "**", "_", "__", "***", "~~", "`", "``", "```\n", "~~~", "[", "](", ")", "](http://a.b/c_d)", "![", "<", ">",
  "<b>", "</b>", "<!--", "-->", "&lt;", "&#64;everyone", "&amp;", "\\", "\\\\", "|", "||", "\n", "\n\n", "\n> ", "\n- ", "\n  - ",
  "\n1. ", "\n# ", "\n### ", "\n---\n", "\n===\n", "\n    ", "\n\t", "\n|a|b|\n|-|-|\n|", "\n[a]: http://x.y\n", "[a]", " ", "  \n",
  "@everyone", "@here", "<@123>", "<#1>", "</a:1>", "/approve", "/", "@", "#", "http://", "https://a.b/x_y*z", "https://a.b/@here",
  "www.a.b", "a@b.c", "tg://user?id=1", "javascript:x", "<http://a.b>", "\u202e", "\ud83d", "\ude00", "\u{1f600}", "👩‍👩‍👧", "e\u0301", "東京",
  "\u0000", "\u001b[1m", "\u200b", "\u2060", "word", "two words ", "x".repeat(300), ":smile:", "$x$", "-# ", ">>> ", "```js\nx\n```\n",
]; // prettier-ignore

const slow: Record<string, string> = {
  "stars and underscores": "*a_",
  brackets: "[",
  "links that do not end": "[a](",
  backticks: "`a``b",
  quotes: "> ",
  lists: "- ",
  "rows of a table": "|x|y|\n",
  tables: "|a|\n|-|\n|b|\n\n",
  addresses: "http://a.b/",
  "an address of dots": `http://a${".".repeat(50_000)}`,
  mentions: "@a /b ",
  "bold words": "**a** ",
  "code in bold": "**a `b` c** ",
  fences: "```\nx\n```\n",
  headings: "# a\n",
  images: "![a](http://b.c/d)",
  "white space": "a    \n",
  accents: "e\u0301\u0302",
};
