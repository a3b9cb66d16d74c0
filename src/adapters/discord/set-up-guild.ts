import { type APIChannel, ChannelType, Routes } from "discord-api-types/v10";

import type { ChannelCheck, Parcel } from "../../ports/channel.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Answer, Trouble } from "./answer.ts";
import type { DiscordApi } from "./api.ts";
import { permissionChecks, roleHint, type Standing, standingIn } from "./check-channel.ts";
import { discordChannel } from "./discord-channel.ts";
import { categoryName, type GuildPlan, type PawlChannel, pawlChannels, planGuild } from "./guild-plan.ts";
import { guildPermissions, lacking, makingChannels } from "./permissions.ts";

export type GuildSetUp = {
  /** All six are there, the bot may post in each of them, and a test card came and went. */
  ok: boolean;
  guild: string | undefined;
  channels: Partial<Record<PawlChannel, string>>;
  /** The names of those that were made now. */
  created: readonly string[];
  checks: readonly ChannelCheck[];
};

type Member = Extract<Standing, { kind: "member" }>;

/** Finds the six channels by name, makes those that are missing, and tries one out. A second time changes nothing. */
export async function setUpGuild(
  api: DiscordApi,
  { guild, clock }: { guild: string; clock: Clock },
): Promise<GuildSetUp> {
  const standing = await standingIn(api, guild);
  if (standing.kind === "outside") return failed(standing.checks);
  const listed = await listChannels(api, guild);
  if (listed.kind !== "ok") return failed([...standing.checks, asked("list the channels", listed)]);

  const made = await makeMissing(api, { guild, standing, plan: planGuild(listed.body) });
  const after = made.created.length === 0 ? listed : await listChannels(api, guild);
  const channels = after.kind === "ok" ? after.body : listed.body;
  const { found, missing } = planGuild(channels);
  const checks = [
    ...standing.checks,
    ...made.checks,
    ...missing.map(({ name }) => ({ ok: false, what: `there is no #${name}` })),
    ...pawlChannels.flatMap(({ name }) => permissionsOf(channels, { name, id: found[name], standing })),
  ];
  const trial =
    checks.every(({ ok }) => ok) && found.system ? await tryOut(api, { guild, clock, found }) : [];
  return {
    ok: [...checks, ...trial].every(({ ok }) => ok),
    guild: standing.guildName,
    channels: found,
    created: made.created,
    checks: [...checks, ...trial],
  };
}

async function makeMissing(
  api: DiscordApi,
  { guild, standing, plan }: { guild: string; standing: Member; plan: GuildPlan },
): Promise<{ created: string[]; checks: ChannelCheck[] }> {
  if (plan.missing.length === 0) return { created: [], checks: [] };
  if (lacking([makingChannels], guildPermissions(standing.member)).length > 0) {
    const names = plan.missing.map(({ name }) => `#${name}`).join(", ");
    const hint = `${roleHint(makingChannels, standing.botName)} Or make ${names} yourself.`;
    return { created: [], checks: [{ ok: false, what: "may not make channels", hint }] };
  }
  const create = (body: object) => api.call<APIChannel>("POST", Routes.guildChannels(guild), { body });
  let { category } = plan;
  if (category === undefined) {
    const answer = await create({ name: categoryName, type: ChannelType.GuildCategory });
    if (answer.kind !== "ok")
      return { created: [], checks: [asked(`make the category ${categoryName}`, answer)] };
    category = answer.body.id;
  }
  const created: string[] = [];
  for (const { name, topic } of plan.missing) {
    // One after the other: Discord shows them in the order in which they were made.
    const answer = await create({ name, topic, type: ChannelType.GuildText, parent_id: category });
    if (answer.kind !== "ok") return { created, checks: [asked(`make #${name}`, answer)] };
    created.push(name);
  }
  return { created, checks: [] };
}

function permissionsOf(
  channels: readonly APIChannel[],
  { name, id, standing }: { name: string; id: string | undefined; standing: Member },
): ChannelCheck[] {
  const channel = channels.find((one) => one.id === id);
  if (channel === undefined || !("permission_overwrites" in channel)) return [];
  const { permission_overwrites: overwrites = [] } = channel;
  return permissionChecks({
    name: `#${name}`,
    overwrites,
    member: standing.member,
    botName: standing.botName,
  });
}

async function tryOut(
  api: DiscordApi,
  { guild, clock, found }: { guild: string; clock: Clock; found: GuildPlan["found"] },
): Promise<ChannelCheck[]> {
  const channel = discordChannel({ api, guild, channel: found.system ?? "" });
  const sent = await channel.send(testCard(clock.now()));
  if (sent.kind !== "sent") return [{ ok: false, what: `could not post a test card: ${sent.why}` }];
  const removed = await channel.remove(sent.place);
  if (removed.kind === "sent") return [{ ok: true, what: "posted a test card in #system and removed it" }];
  return [{ ok: false, what: `could not remove the test card from #system: ${removed.why}` }];
}

function testCard(now: Date): Parcel {
  const marker = `test ${now.toISOString()}`;
  return {
    message: {
      kind: "discord",
      embeds: [
        {
          title: "Pawl can post here",
          description: "A test card. It goes by itself.",
          footer: { text: marker },
          timestamp: now.toISOString(),
        },
      ],
    },
    nonce: `test-${now.getTime().toString(36)}`,
    marker,
    silent: true,
  };
}

function listChannels(api: DiscordApi, guild: string): Promise<Answer<APIChannel[]>> {
  return api.call("GET", Routes.guildChannels(guild));
}

function asked(what: string, { why }: Trouble): ChannelCheck {
  return { ok: false, what: `could not ${what}: ${why}`, hint: "Run it again: what was made stays." };
}

function failed(checks: ChannelCheck[]): GuildSetUp {
  return { ok: false, guild: undefined, channels: {}, created: [], checks };
}
