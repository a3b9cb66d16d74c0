import { describe, expect, test } from "vitest";

import type { Entity } from "../../../src/ports/channel.ts";
import { discordMarkdown } from "../../../src/routing/render/html/discord-markdown.ts";
import { previewPage } from "../../../src/routing/render/html/preview-page.ts";
import { telegramBubble } from "../../../src/routing/render/html/telegram-html.ts";
import { renderers } from "../../../src/routing/render/renderers.ts";
import { Random } from "../../support/random.ts";
import { aCard } from "./cards.ts";
import { nasty } from "./nasty.ts";

describe("the preview", () => {
  test("nests the tags of entities that lie in each other", () => {
    const entities: Entity[] = [
      { type: "blockquote", offset: 0, length: 7 },
      { type: "bold", offset: 0, length: 3 },
      { type: "italic", offset: 2, length: 1 },
      { type: "text_link", offset: 4, length: 3, url: "https://a.example/?a&b" },
    ];
    expect(telegramBubble({ kind: "telegram", text: "a<b url", entities }, "")).toContain(
      '<blockquote><b>a&#60;<i>b</i></b> <a href="https://a.example/?a&#38;b" rel="noreferrer noopener">url</a></blockquote>',
    );
  });

  test("reads Discord's Markdown as Discord does", () => {
    expect(
      discordMarkdown("### a\n**b *c*** \\*d\\* `e<` <https://a.example>\n> q\n> r\n```js\n<x>\n```"),
    ).toBe(
      "<h3>a</h3><b>b <i>c</i></b> *d* <code>e&#60;</code> " +
        '<a href="https://a.example" rel="noreferrer noopener">https://a.example</a><br>' +
        '<div class="dc-quote">q<br>r<br></div><pre>&#60;x&#62;</pre>',
    );
  });

  test(
    "draws no element, address or style that is not its own, whatever the text",
    { timeout: 60_000 },
    () => {
      const random = new Random(7);
      const texts = [...Object.values(nasty), ...Array.from({ length: 500 }, () => random.text(signs, 30))];
      for (const text of texts) {
        const card = aCard({
          body: text,
          title: text,
          facts: [{ name: text, value: text }],
          url: "javascript:x",
        });
        const messages = Object.values(renderers).flatMap((render) => render(card));
        const page = previewPage(text, [{ name: text, time: text, messages }]);
        const tags = new Set(Array.from(page.matchAll(/<\/?([a-z!0-9]+)/g), ([, tag]) => tag));
        expect([...tags].filter((tag) => !ours.has(tag ?? ""))).toEqual([]);
        expect(page).not.toMatch(/href="(?!https?:)|<[^>]* (?:on\w+|src)=/);
      }
    },
  );
});

const ours = new Set(
  "!doctype html head meta title style body section header div span b i u s code pre blockquote a br h3 small time".split(
    " ",
  ),
);
const signs = ['"', "'", "<", ">", "&", "*", "**", "~~", "`", "```\n", "\n", "> ", "\\", "</style>", "<script>", "onload=", "[a](http://b.c/\"x)", "http://a.b/<c>", "word "]; // prettier-ignore
