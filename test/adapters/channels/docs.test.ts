import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { cardToSend } from "../../../src/adapters/channels/card-post.ts";
import { signature } from "../../../src/adapters/channels/webhook.ts";
import { pawlChannels } from "../../../src/adapters/discord/guild-plan.ts";
import {
  invitedPermissions,
  makingChannels,
  postingPermissions,
} from "../../../src/adapters/discord/permissions.ts";
import { slashCommands } from "../../../src/adapters/discord/slash/commands.ts";
import { channelNames } from "../../../src/routing/rules/defaults.ts";
import { aCardParcel } from "../../support/parcels.ts";
import { networks, routingOf } from "../../support/routing.ts";

const discord = pageOf("discord.md");
const destinations = pageOf("destinations.md");

describe("the page on Discord", () => {
  test("invites with what is needed, and names each permission", () => {
    expect(discord).toContain(`permissions=${invitedPermissions}\n`);
    for (const { name } of [...postingPermissions, makingChannels]) expect(discord).toContain(name);
  });

  test("names the channels that set-up makes, which are those of the default rules", () => {
    for (const { name } of pawlChannels) expect(discord).toContain(`#${name}`);
    expect(pawlChannels.map(({ name }) => name)).toEqual(Object.values(channelNames));
  });

  test("names the commands", () => {
    for (const { name } of slashCommands) expect(discord).toContain(`\`/${name}\``);
  });
});

describe("the examples for destinations", () => {
  test.each([...blocks(discord, "yaml"), ...blocks(destinations, "yaml")])(
    "are in good order: %s",
    (text) => {
      expect(() => routingOf(text.startsWith("discord:") ? text : networks + text)).not.toThrow();
    },
  );

  test("show what a server gets", () => {
    const [shown = "{}"] = blocks(destinations, "json");
    const post = JSON.parse(shown) as { card: object };
    const parcel = aCardParcel();
    const real = cardToSend({
      ...parcel,
      message: { kind: "card", card: { ...parcel.message.card, event: undefined } },
    });
    expect(Object.keys(post)).toEqual(Object.keys(real));
    expect(Object.keys(post.card)).toEqual(Object.keys(parcel.message.card));
  });

  test("tell what is ours from what is not", async () => {
    const [code = ""] = blocks(destinations, "js");
    const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      isOurs(header: string, body: string, secret: string, now: number): boolean;
    };
    const now = new Date("2026-11-21T10:00:00Z");
    const header = signature("{}", "secret", now);
    expect(module.isOurs(header, "{}", "secret", now.getTime() + 60_000)).toBe(true);
    expect(module.isOurs(header, "{} ", "secret", now.getTime())).toBe(false);
    expect(module.isOurs(header, "{}", "another", now.getTime())).toBe(false);
    expect(module.isOurs(header, "{}", "secret", now.getTime() + 600_000)).toBe(false);
    expect(module.isOurs("t=1", "{}", "secret", 1000)).toBe(false);
  });
});

function pageOf(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../../docs", name), "utf8");
}

function blocks(page: string, language: string): string[] {
  const pattern = new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\``, "gms");
  return [...page.matchAll(pattern)].map(([, indent = "", text = ""]) =>
    text.replace(new RegExp(`^${indent}`, "gm"), ""),
  );
}
