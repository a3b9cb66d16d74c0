import { describe, expect, test } from "vitest";

import { clipped } from "../../../src/adapters/telegram/message.ts";
import type { Entity } from "../../../src/ports/channel.ts";
import { Random } from "../../support/random.ts";
import { entityComplaints } from "../../support/telegram-server/entity-complaints.ts";

describe("a text that has to be short", () => {
  test("is left as it is when it fits", () => {
    const text = { text: "🦊🦊", entities: [{ type: "bold" as const, offset: 0, length: 4 }] };
    expect(clipped(text, 4)).toEqual(text);
  });

  test("ends with an ellipsis, and its marks end with it", () => {
    const entities: Entity[] = [
      { type: "bold", offset: 0, length: 6 },
      { type: "code", offset: 4, length: 2 },
    ];
    expect(clipped({ text: "abcdef", entities }, 4)).toEqual({
      text: "abc…",
      entities: [{ type: "bold", offset: 0, length: 3 }],
    });
  });

  test("loses no half of a character", () => {
    expect(clipped({ text: "ab🦊cd", entities: [] }, 4).text).toBe("ab…");
    expect(clipped({ text: "ab🦊cd", entities: [] }, 5).text).toBe("ab🦊…");
  });

  test("is one that Telegram takes, wherever it is cut: 5,000 texts", () => {
    const random = new Random(4242);
    const complaints: string[] = [];
    for (let n = 0; n < 5000; n++) {
      const text = `x${random.text(["a", " ", "🦊", "é", "\n"], 30)}`;
      const cut = clipped(
        { text, entities: [{ type: "bold", offset: 0, length: text.length }] },
        1 + random.below(30),
      );
      complaints.push(...entityComplaints(cut.text, cut.entities));
      if (!cut.text.isWellFormed()) complaints.push(`${JSON.stringify(cut.text)} is torn`);
    }
    expect(complaints).toEqual([]);
  });
});
