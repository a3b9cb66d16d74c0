import { describe, expect, test } from "vitest";

import type { Card } from "../../../src/core/card.ts";
import type { ActionId } from "../../../src/core/envelope.ts";
import { discordMessages } from "../../../src/routing/render/discord.ts";
import { pageMessage } from "../../../src/routing/render/page.ts";
import { telegramMessages } from "../../../src/routing/render/telegram.ts";
import { aCard } from "./cards.ts";
import { complaintsAbout } from "./complaints.ts";

const ask = {
  action: "ac_01KA9Z8Q5Y0V2T6W3R4X7B" as ActionId,
  payloadHash: `sha256:${"0".repeat(64)}`,
  rows: [
    [
      { verb: "ok", label: "Approve", style: "success" as const },
      { verb: "no", label: "Reject", style: "danger" as const },
    ],
    [{ verb: "z2", label: "In 2 h" }],
  ],
};
const paragraphs = (count: number) =>
  Array.from({ length: count }, (_, n) => `Paragraph ${n} ${"with words ".repeat(20)}`).join("\n\n");

describe("on Telegram", () => {
  test("a question keeps its head plain, folds what it is about, and has its buttons and its id below", () => {
    const card = aCard({
      tone: "ask",
      title: "Approve · x",
      lines: ["a line"],
      body: "**Acme** 1,200\n\n> q",
      ask,
    });
    const messages = telegramMessages(card);
    expect(messages).toEqual([
      {
        kind: "telegram",
        text: "❓ Approve · x\na line\n\nAcme 1,200\n\nq\n\nac_01KA9Z8Q5Y0V2T6W3R4X7B",
        entities: [
          { type: "bold", offset: 0, length: 13 },
          { type: "expandable_blockquote", offset: 22, length: 13 },
          { type: "bold", offset: 22, length: 4 },
          { type: "code", offset: 37, length: 25 },
        ],
        keyboard: {
          action: ask.action,
          payloadHash: ask.payloadHash,
          rows: [
            [
              { verb: "ok", label: "✅ Approve", style: "success" },
              { verb: "no", label: "✖\ufe0e Reject", style: "danger" },
            ],
            [{ verb: "z2", label: "⏰ In 2 h" }],
          ],
        },
      },
    ]);
  });

  test("what a question is about takes 1,200 units of its message at most", () => {
    const [message] = telegramMessages(aCard({ body: paragraphs(100), ask }));
    const quote = message?.entities.find(({ type }) => type === "expandable_blockquote");
    expect(quote?.length).toBeGreaterThan(600);
    expect(quote?.length).toBeLessThanOrEqual(1200);
  });

  test("a result comes whole in up to three messages, which end with paragraphs", () => {
    const messages = telegramMessages(aCard({ body: paragraphs(40) }));
    expect(messages).toHaveLength(3);
    expect(messages.slice(0, 2).every(({ text }) => text.endsWith("words"))).toBe(true);
    expect(messages.flatMap(({ text }) => text.match(/Paragraph \d+/g) ?? [])).toHaveLength(40);
  });

  test("a longer one is an excerpt and a document", () => {
    const body = paragraphs(80);
    const [summary, document, ...more] = telegramMessages(aCard({ body }));
    expect(more).toEqual([]);
    expect(summary?.text.length).toBeLessThan(1500);
    expect(document).toMatchObject({ text: "", document: { name: "result.md", text: body } });
  });

  test("a thousand styles do not cost a message the marks at its end", () => {
    const messages = telegramMessages(aCard({ body: `${"**a** b ".repeat(250)}\n\n\`/approve\`` }));
    expect(messages.flatMap(complaintsAbout)).toEqual([]);
    expect(messages.length).toBeLessThanOrEqual(3);
  });
});

describe("on Discord", () => {
  test("a result is an embed with its facts beside each other and its marker in the footer", () => {
    const facts = [{ name: "Worker", value: "w1" }];
    const [message] = discordMessages(aCard({ body: "**Cheap**: a_b", facts, url: "https://a.example" }));
    expect(message).toEqual({
      kind: "discord",
      embeds: [
        {
          title: "✅ Research: hosting prices",
          color: 0x2e_cc_71,
          url: "https://a.example",
          description: "**Cheap**: a\\_b",
          fields: [{ name: "Worker", value: "w1", inline: true }],
          footer: { text: "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C · r1" },
          timestamp: "2026-11-21T09:10:00.000Z",
        },
      ],
    });
  });

  test("a long result is an excerpt that says so, and a file", () => {
    const body = paragraphs(40);
    const [message] = discordMessages(aCard({ body }));
    expect(message?.embeds[0]?.description).toMatch(/ …\n\nThe whole text is in result.md\.$/);
    expect(message?.files).toEqual([{ name: "result.md", text: body }]);
  });

  test("code that is cut keeps its fences", () => {
    const body = `\`\`\`js\n${"let a = 1;\n".repeat(1000)}\`\`\``;
    const description = discordMessages(aCard({ body }))[0]?.embeds[0]?.description ?? "";
    expect(description.match(/^```/gm)).toHaveLength(2);
  });

  test("a briefing has an embed for each section, and a long one cuts no other", () => {
    const sections = Array.from({ length: 6 }, (_, n) => `## Part ${n}\n\n${paragraphs(n === 1 ? 60 : 1)}`);
    const [message] = discordMessages(aCard({ body: sections.join("\n\n"), sections: true }));
    expect(message?.embeds.map(({ title }) => title).slice(1)).toEqual(sections.map((_, n) => `Part ${n}`));
    const last = message?.embeds.at(-1);
    expect(last?.description).toBe(paragraphs(1).trim());
    expect(last?.footer?.text).toContain("ev_");
    expect(message?.files?.[0]?.name).toBe("briefing.md");
    expect(complaintsAbout(message!)).toEqual([]);
  });

  test("a digest has a line for each event, and says how to see the rest", () => {
    const items = Array.from({ length: 60 }, (_, n) => ({
      title: `Event ${n}`,
      detail: "w1",
      event: aCard().event!,
    }));
    const description =
      discordMessages(aCard({ items, more: "pawl digest show memory" }))[0]?.embeds[0]?.description ?? "";
    const lines = description.split("\n");
    expect(lines.slice(0, 2)).toEqual(["Event 0", "-# w1 · ev\\_01KA9Z8Q5Y0V2T6W3R4X7B8N9C"]);
    expect(lines.at(-1)).toBe(`and ${60 - (lines.length - 1) / 2} more: \`pawl digest show memory\``);
  });

  test.each<[what: string, rows: NonNullable<Card["ask"]>["rows"], line: string | undefined]>([
    [
      "approved or rejected",
      ask.rows,
      `Approve: \`pawl approve ${ask.action}\` · Reject: \`pawl reject ${ask.action}\``,
    ],
    [
      "answered otherwise",
      [[{ verb: "rt", label: "Retry_it" }]],
      `Retry\\_it: \`pawl approve ${ask.action} --verb rt\``,
    ],
    [
      "answered in words",
      [[{ verb: "z2", label: "In 2 h" }]],
      `Answer: \`pawl approve ${ask.action} --text "…"\``,
    ],
    [
      "confirmed, where its buttons are",
      [
        [
          { verb: "y0", label: "Yes" },
          { verb: "bk", label: "Back" },
        ],
      ],
      undefined,
    ],
  ])("says how a question is %s where there are no buttons", (_, rows, line) => {
    expect(discordMessages(aCard({ ask: { ...ask, rows } }))[0]?.embeds[0]?.description).toBe(line);
  });
});

test("a page has the card as a section that a host shows as it was meant", () => {
  const card = aCard({
    lines: ["a <b>", "c"],
    body: "# H\n\n@aaron ![i](http://a.b/c.png)\n\n    code",
    decided: "Approved",
  });
  expect(pageMessage(card).markdown).toBe(
    [
      "### ✅ Research: hosting prices\n",
      "**Approved**  \na \\<b\\>  \nc\n",
      "#### H  \n@\u200baaron \\[image: i\\] <http://a.b/c.png>\n\n```\ncode\n```\n",
      "`ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C · r1` · 2026-11-21T09:10:00Z\n",
    ].join("\n"),
  );
});
