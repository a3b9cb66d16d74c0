import {
  type APIChannel,
  type APIGuild,
  type APIGuildMember,
  type APIOverwrite,
  ChannelType,
  Routes,
} from "discord-api-types/v10";

import type { ChannelCheck } from "../../ports/channel.ts";
import type { Answer, Trouble } from "./answer.ts";
import type { DiscordApi } from "./api.ts";
import {
  channelPermissions,
  guildPermissions,
  lacking,
  type Membership,
  type Permission,
  postingPermissions,
} from "./permissions.ts";
import { discordCode } from "./sending.ts";

/** Who the bot is and what it may do, as far as that could be found out. */
export type Standing =
  | { kind: "member"; checks: ChannelCheck[]; member: Membership; botName: string; guildName: string }
  | { kind: "outside"; checks: ChannelCheck[] };

export async function standingIn(api: DiscordApi, guild: string): Promise<Standing> {
  const me = await api.me();
  if (me.kind !== "ok") return { kind: "outside", checks: [tokenTrouble(me)] };
  const signedIn = { ok: true, what: `signed in as ${me.body.username} (${me.body.id})` };
  const [found, member] = await Promise.all([
    api.call<APIGuild>("GET", Routes.guild(guild)),
    api.call<APIGuildMember>("GET", Routes.guildMember(guild, me.body.id)),
  ]);
  if (found.kind !== "ok" || member.kind !== "ok") {
    const trouble = [found, member].find((answer): answer is Trouble => answer.kind !== "ok");
    // Who we are is asked once, so the token may be no good any more all the same.
    if (trouble?.kind === "no" && trouble.status === 401)
      return { kind: "outside", checks: [tokenTrouble(trouble)] };
    return { kind: "outside", checks: [signedIn, guildTrouble(guild, trouble)] };
  }
  return {
    kind: "member",
    checks: [signedIn, { ok: true, what: `is in the server ${found.body.name} (${guild})` }],
    member: { user: me.body.id, roles: member.body.roles, guild: found.body },
    botName: me.body.username,
    guildName: found.body.name,
  };
}

export async function checkChannel(
  api: DiscordApi,
  { guild, channel }: { guild: string; channel: string },
): Promise<ChannelCheck[]> {
  const standing = await standingIn(api, guild);
  if (standing.kind === "outside") return standing.checks;
  const answer = await api.call<APIChannel>("GET", Routes.channel(channel));
  const found =
    answer.kind === "ok" ? checkFound(answer.body, guild, standing) : [channelTrouble(channel, answer)];
  return [...standing.checks, ...found];
}

function checkFound(
  channel: APIChannel,
  guild: string,
  { member, botName }: Extract<Standing, { kind: "member" }>,
): ChannelCheck[] {
  const name = `#${"name" in channel && channel.name ? channel.name : channel.id}`;
  if (!("guild_id" in channel) || channel.guild_id !== guild) {
    return [
      { ok: false, what: `${name} is in another server`, hint: `Take a channel of the server ${guild}.` },
    ];
  }
  if (channel.type !== ChannelType.GuildText && channel.type !== ChannelType.GuildAnnouncement) {
    return [{ ok: false, what: `${name} is no text channel`, hint: "Take the id of a text channel." }];
  }
  const overwrites = channel.permission_overwrites ?? [];
  return [{ ok: true, what: `sees ${name}` }, ...permissionChecks({ name, overwrites, member, botName })];
}

/** One line for each permission that is missing, or one that says that all are there. */
export function permissionChecks(looked: {
  name: string;
  overwrites: readonly APIOverwrite[];
  member: Membership;
  botName: string;
}): ChannelCheck[] {
  const { name, overwrites, member, botName } = looked;
  const missing = lacking(postingPermissions, channelPermissions(member, overwrites));
  if (missing.length === 0) return [{ ok: true, what: `has all permissions in ${name}` }];
  const byGuild = lacking(postingPermissions, guildPermissions(member));
  return missing.map((permission) => ({
    ok: false,
    what: `lacks "${permission.name}" in ${name}`,
    hint: byGuild.includes(permission)
      ? roleHint(permission, botName)
      : `In Discord: right-click ${name} > Edit Channel > Permissions > ${botName} > allow "${permission.name}".`,
  }));
}

export function roleHint({ name }: Permission, botName: string): string {
  return `In Discord: Server Settings > Roles > ${botName} > Permissions > switch "${name}" on.`;
}

function tokenTrouble(trouble: Exclude<Answer<unknown>, { kind: "ok" }>): ChannelCheck {
  if (trouble.kind !== "no" || trouble.status !== 401)
    return { ok: false, what: `no answer: ${trouble.why}` };
  return {
    ok: false,
    what: "Discord does not take the bot's token",
    hint: "In the Developer Portal: your application > Bot > Reset Token, then put the new one where the old one was.",
  };
}

function guildTrouble(guild: string, trouble: Trouble | undefined): ChannelCheck {
  if (trouble?.kind !== "no") return { ok: false, what: `no answer: ${trouble?.why ?? "none"}` };
  return {
    ok: false,
    what: `is not in the server ${guild}: ${trouble.why}`,
    hint: "Open the invitation of docs/discord.md, or correct the server's id.",
  };
}

function channelTrouble(channel: string, trouble: Trouble): ChannelCheck {
  if (trouble.kind !== "no") return { ok: false, what: `no answer: ${trouble.why}` };
  if (trouble.code === discordCode.unknownChannel) {
    return {
      ok: false,
      what: `there is no channel ${channel}`,
      hint: "It was deleted, or its id is wrong: `pawl route setup` finds or makes it.",
    };
  }
  return {
    ok: false,
    what: `does not see the channel ${channel}`,
    hint: 'In Discord: right-click the channel > Edit Channel > Permissions > add the bot and allow "View Channel".',
  };
}
