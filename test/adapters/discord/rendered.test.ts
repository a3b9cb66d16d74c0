import { expect, test } from "vitest";

import { DiscordApi } from "../../../src/adapters/discord/api.ts";
import { discordChannel } from "../../../src/adapters/discord/discord-channel.ts";
import type { Card, Tone } from "../../../src/core/card.ts";
import type { EventId } from "../../../src/core/envelope.ts";
import type { Parcel } from "../../../src/ports/channel.ts";
import { discordMessages } from "../../../src/routing/render/discord.ts";
import { startDiscord } from "../../support/discord-server/server.ts";
import { aParcel } from "../../support/parcels.ts";
import { Random } from "../../support/random.ts";

const scraps = [
  "@everyone ",
  "<@123456789012345678> ",
  "**bold** ",
  "```js\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n",
  "[x](javascript:alert(1)) ",
  "https://example.com/?q=1 ",
  "\u202e\u0000",
  "\ud83d",
  "😀",
  "word ".repeat(200),
  "\n\n# Head\n",
  "> ",
  "x".repeat(1500),
];
const tones: Tone[] = ["ok", "info", "warning", "bad", "ask"];

// The library asks Discord fifty things a second at most.
test(
  "Discord takes every card that we render, mentions nobody, and has it found again",
  { timeout: 60_000 },
  async () => {
    await using discord = await startDiscord();
    const { root, world } = discord;
    const room = world.addRoom({ name: "results" });
    const api = new DiscordApi({ root, token: world.token });
    const channel = discordChannel({ api, guild: world.guild, channel: room.id, owner: world.owner });
    const parcels: Parcel[] = [];
    for (let seed = 1; seed <= 150; seed++) {
      const marker = `ev_${String(seed).padStart(26, "0")} · r1`;
      for (const message of discordMessages(someCard(new Random(seed), marker))) {
        const parcel = aParcel({ message, marker, nonce: `nonce-${seed}` });
        expect(await channel.send(parcel), `seed ${seed}`).toMatchObject({ kind: "sent" });
        parcels.push(parcel);
      }
    }
    for (const parcel of parcels.slice(-10)) {
      expect(await channel.find(parcel), `nonce ${parcel.nonce}`).toMatchObject({ kind: "found" });
    }
    expect(room.messages).toHaveLength(150);
    expect(room.messages.flatMap(({ mentions }) => mentions)).toEqual([]);
    expect(discord.complaints).toEqual([]);
  },
);

function someCard(random: Random, marker: string): Card {
  const text = (most: number) => random.text(scraps, most);
  const event = marker.slice(0, 29) as EventId;
  const many = (most: number) => Array.from({ length: random.below(most) });
  return {
    marker,
    event,
    tone: random.pick(tones),
    title: text(4) || "A title",
    lines: many(4).map(() => text(3)),
    facts: many(30).map(() => ({ name: text(2) || "Fact", value: text(3) })),
    at: "2026-11-21T09:14:00Z",
    ...(random.below(2) === 0 ? { body: text(30) } : {}),
    ...(random.below(3) === 0 ? { note: text(2) } : {}),
    ...(random.below(3) === 0
      ? { items: many(40).map(() => ({ title: text(2) || "x", detail: text(2), event })) }
      : {}),
    ...(random.below(4) === 0 ? { decided: "Approved by Aaron 07:31" } : {}),
    ...(random.below(4) === 0 ? { url: "https://example.com/commit/abc" } : {}),
  };
}
