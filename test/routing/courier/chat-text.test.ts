import { expect, test } from "vitest";

import { chatText } from "../../../src/routing/courier/chat-text.ts";

test("a long answer comes in four messages, and a fifth says how much more there is and what shows it", () => {
  const words = chatText("word ".repeat(10_000)).map(({ text }) => text);
  expect(words).toHaveLength(5);
  const shown = words.slice(0, 4).join(" ").length;
  const [, left] = /^… and (\d+) characters more\. .*pawl show/.exec(words[4] ?? "") ?? [];
  // White space between the parts is nobody's.
  expect(shown + Number(left)).toBeGreaterThan(49_900);
});

test("an answer that fits says nothing of the kind", () => {
  expect(chatText("All **well**.").map(({ text }) => text)).toEqual(["All well."]);
});
