import { writeFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";

import { loadConfig } from "../../../src/config/load.ts";
import type { Channel, Place } from "../../../src/ports/channel.ts";
import { type DiscordServer, startDiscord } from "../../support/discord-server/server.ts";
import { aDiscordParcel, aPageParcel } from "../../support/parcels.ts";
import { at, ToldDesk } from "./told-desk.ts";

const marker = "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N00 · r1";
const delivery = "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N00/alerts/1";
const incident = { category: "incident", title: "The disk is full" } as const;
const sentAt = "2026-11-21T09:00:00.000Z";
const token = "MTE5.a-token.that-must-not-leak";

async function withReceipt(told: ToldDesk, place: Place): Promise<void> {
  await told.journal.append([
    {
      at: sentAt,
      t: "claimed",
      delivery: `${delivery}/0`,
      attempt: 1,
      nonce: "n",
      hash: "",
      act: "send",
      of: 1,
    },
    { at: sentAt, t: "sent", delivery: `${delivery}/0`, place, hash: "" },
  ]);
}

async function channelOf(told: ToldDesk, name: string): Promise<Channel> {
  const channel = (await told.desk.world.channels(loadConfig(told.desk.world.around))).get(name);
  if (!channel) throw new Error(`there is no ${name}`);
  return channel;
}

async function sent(channel: Channel, parcel: Parameters<Channel["send"]>[0]): Promise<Place> {
  const sending = await channel.send(parcel);
  if (sending.kind !== "sent") throw new Error(sending.kind);
  return sending.place;
}

const audit = async (told: ToldDesk) => {
  const { code, out } = await told.desk.type("deliveries", "audit", "--json");
  return { code, ...(JSON.parse(out) as { seen: string[]; unseen: object[]; misfits: object[] }) };
};

describe("deliveries audit on Discord", () => {
  const atDiscord = async (work: (told: ToldDesk, discord: DiscordServer) => Promise<void>) => {
    await using discord = await startDiscord({ now: () => Date.parse(sentAt) });
    const room = discord.world.addRoom({ name: "alerts" });
    const account = `guild: "${discord.world.guild}", apiRoot: "${discord.root}", token: { file: token }`;
    const config = `discord: { ${account}, channels: { alerts: "${room.id}" } }\n`;
    await using told = await ToldDesk.sitDown([incident], config);
    await writeFile(at(told.desk, "token"), token);
    await work(told, discord);
  };

  test("has nothing to say where all that was sent is there", () =>
    atDiscord(async (told) => {
      const channel = await channelOf(told, "alerts");
      await withReceipt(told, await sent(channel, aDiscordParcel({ marker, pinned: true })));
      expect(await audit(told)).toMatchObject({ seen: expect.arrayContaining(["alerts"]), misfits: [] });
    }));

  test("tells of a message that somebody has removed", () =>
    atDiscord(async (told) => {
      const channel = await channelOf(told, "alerts");
      const place = await sent(channel, aDiscordParcel({ marker }));
      await withReceipt(told, place);
      await channel.remove(place);
      const { code, misfits } = await audit(told);
      expect(misfits).toEqual([{ kind: "gone", destination: "alerts", delivery, at: sentAt, place }]);
      expect(code).toBe(1);
    }));

  test("tells of a message in our name that main did not send", () =>
    atDiscord(async (told) => {
      const channel = await channelOf(told, "alerts");
      await withReceipt(told, await sent(channel, aDiscordParcel({ marker })));
      const place = await sent(channel, aDiscordParcel({ marker: "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N99" }));
      const { code, misfits } = await audit(told);
      expect(misfits).toMatchObject([{ kind: "strange", place, words: "Research: hosting prices" }]);
      expect(code).toBe(1);
    }));

  test("says that it could not look, and shows no token, where Discord turns it away", () =>
    atDiscord(async (told, discord) => {
      discord.trouble = () => ({
        kind: "status",
        status: 401,
        body: { code: 0, message: "401: Unauthorized" },
      });
      const { code, out, err } = await told.desk.type("deliveries", "audit");
      expect(code).toBe(1);
      expect(out).toMatch(/✗ alerts: /);
      expect(out + err).not.toContain(token);
    }));
});

describe("deliveries audit on pages", () => {
  test("tells of a section that somebody has cut out, and leaves in peace what people write", async () => {
    await using told = await ToldDesk.sitDown([incident]);
    const channel = await channelOf(told, "alerts");
    const place = await sent(channel, aPageParcel(marker, `### Full\n\n\`x\` · ${sentAt}`));
    await withReceipt(told, place);
    expect(await audit(told)).toMatchObject({ code: 0, misfits: [] });
    await channel.remove(place);
    expect(await audit(told)).toMatchObject({ code: 1, misfits: [{ kind: "gone", delivery }] });
    await sent(channel, aPageParcel("ev_strange · r1", `### Not ours\n\n\`x\` · ${sentAt}`));
    expect((await audit(told)).misfits).toMatchObject([
      { kind: "gone" },
      { kind: "strange", words: "### Not ours", at: sentAt },
    ]);
  });

  test("refuses a time that is none", async () => {
    await using told = await ToldDesk.sitDown([incident]);
    const { code, err } = await told.desk.type("deliveries", "audit", "--within", "soon");
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("7d") as string });
  });
});
