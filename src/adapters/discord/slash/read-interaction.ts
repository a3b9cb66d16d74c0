import type { Heard, Stranger } from "../../../ports/owner-line.ts";

/** Of an interaction what is looked at. */
export type Interaction = {
  id: string;
  user: { id: string; bot: boolean };
  guild: string | null;
  channel: string | null;
  at: Date;
  command: string;
  /** The values of its options, in order. */
  values: readonly string[];
};

export type Guests = {
  guild: string;
  /** Names of the configuration by the ids that Discord knows people by. */
  people: ReadonlyMap<string, string>;
};

export type Read = { kind: "heard"; heard: Heard } | { kind: "stranger"; stranger: Stranger };

/** Who types is looked at before what is typed. */
export function readInteraction(interaction: Interaction, { guild, people }: Guests): Read {
  const { id, user, channel, command, values } = interaction;
  const at = interaction.at.toISOString();
  const person = people.get(user.id);
  const turnedAway = (why: Stranger["why"]): Read => ({
    kind: "stranger",
    stranger: { why, user: user.id, at },
  });
  if (user.bot) return turnedAway("bot");
  if (person === undefined) return turnedAway("not-allowed");
  if (interaction.guild !== guild) return turnedAway("other-chat");
  return {
    kind: "heard",
    heard: {
      kind: "command",
      key: `discord:${id}`,
      person,
      user: user.id,
      at,
      name: command,
      args: values.join(" "),
      chat: channel ?? guild,
      message: id,
    },
  };
}
