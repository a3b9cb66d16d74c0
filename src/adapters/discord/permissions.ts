import { type APIOverwrite, OverwriteType, PermissionFlagsBits } from "discord-api-types/v10";

export type Permission = { bit: bigint; name: string };

/** By the names that Discord's own settings show. */
export const postingPermissions: readonly Permission[] = [
  { bit: PermissionFlagsBits.ViewChannel, name: "View Channels" },
  { bit: PermissionFlagsBits.SendMessages, name: "Send Messages" },
  { bit: PermissionFlagsBits.EmbedLinks, name: "Embed Links" },
  { bit: PermissionFlagsBits.AttachFiles, name: "Attach Files" },
  { bit: PermissionFlagsBits.ReadMessageHistory, name: "Read Message History" },
  { bit: PermissionFlagsBits.CreatePublicThreads, name: "Create Public Threads" },
  { bit: PermissionFlagsBits.SendMessagesInThreads, name: "Send Messages in Threads" },
  // Since February 2026 "Manage Messages" does not include it any more.
  { bit: PermissionFlagsBits.PinMessages, name: "Pin Messages" },
];

/** Only to make channels that are missing; it may be taken away afterwards. */
export const makingChannels: Permission = {
  bit: PermissionFlagsBits.ManageChannels,
  name: "Manage Channels",
};

/** What an invitation has to ask for, as the number in its address. */
export const invitedPermissions: bigint = [...postingPermissions, makingChannels].reduce(
  (all, { bit }) => all | bit,
  0n,
);

/** Somebody in a guild, as far as permissions go. */
export type Membership = {
  user: string;
  roles: readonly string[];
  guild: { id: string; owner_id: string; roles: readonly { id: string; permissions: string }[] };
};

const all = ~0n;

export function guildPermissions({ user, roles, guild }: Membership): bigint {
  if (guild.owner_id === user) return all;
  // The role of everybody has the guild's own id.
  const held = guild.roles.filter(({ id }) => id === guild.id || roles.includes(id));
  const permissions = held.reduce((sum, role) => sum | BigInt(role.permissions), 0n);
  return (permissions & PermissionFlagsBits.Administrator) === 0n ? permissions : all;
}

/** The guild's permissions, changed by the channel's own: everybody's first, then those of roles, then the member's. */
export function channelPermissions(member: Membership, overwrites: readonly APIOverwrite[]): bigint {
  const base = guildPermissions(member);
  if (base === all) return all;
  const forRoles = overwrites.filter(({ type }) => type === OverwriteType.Role);
  const layers = [
    forRoles.filter(({ id }) => id === member.guild.id),
    forRoles.filter(({ id }) => member.roles.includes(id)),
    overwrites.filter(({ type, id }) => type === OverwriteType.Member && id === member.user),
  ];
  const permissions = layers.reduce(overwritten, base);
  return (permissions & PermissionFlagsBits.ViewChannel) === 0n ? 0n : permissions;
}

function overwritten(permissions: bigint, layer: readonly APIOverwrite[]): bigint {
  const denied = layer.reduce((sum, { deny }) => sum | BigInt(deny), 0n);
  const allowed = layer.reduce((sum, { allow }) => sum | BigInt(allow), 0n);
  return (permissions & ~denied) | allowed;
}

export function lacking(wanted: readonly Permission[], permissions: bigint): Permission[] {
  return wanted.filter(({ bit }) => (permissions & bit) === 0n);
}
