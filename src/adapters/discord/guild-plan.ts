import { ChannelType } from "discord-api-types/v10";

/** The six channels that the default rules name, in the order in which people see them. */
export const pawlChannels = [
  { name: "briefings", topic: "The morning and the weekly briefing" },
  { name: "alerts", topic: "Incidents, outages and budgets: a thread for each thing they are about" },
  { name: "sub-agent-results", topic: "What workers bring back: a thread for each task" },
  {
    name: "system",
    topic: "Nodes that come and go, scheduled jobs, and one pinned card that says how all is",
  },
  { name: "memory-updates", topic: "What the agent has written down for later, once an hour" },
  { name: "chat", topic: "Answers to what is asked here" },
] as const;

export type PawlChannel = (typeof pawlChannels)[number]["name"];

export const categoryName = "Pawl";

/** Of a guild's channel what the decision needs. */
export type GuildChannel = {
  id: string;
  type: number;
  name?: string | null;
  parent_id?: string | null;
  position?: number;
};

export type GuildPlan = {
  category: string | undefined;
  found: Partial<Record<PawlChannel, string>>;
  missing: readonly (typeof pawlChannels)[number][];
};

/** Which channels are there and which have to be made. Of two with one name, that in our category, then the upper one. */
export function planGuild(channels: readonly GuildChannel[]): GuildPlan {
  const category = channels.find(
    ({ type, name }) =>
      type === ChannelType.GuildCategory && name?.toLowerCase() === categoryName.toLowerCase(),
  )?.id;
  const rank = ({ parent_id, position = 0 }: GuildChannel) =>
    (category !== undefined && parent_id === category ? 0 : 1_000_000) + position;
  const texts = channels
    .filter(({ type }) => type === ChannelType.GuildText)
    .toSorted((a, b) => rank(a) - rank(b));
  const idOf = (name: string) => texts.find((channel) => channel.name === name)?.id;
  const found = pawlChannels.flatMap(({ name }) => {
    const id = idOf(name);
    return id === undefined ? [] : [[name, id] as const];
  });
  return {
    category,
    found: Object.fromEntries(found) as GuildPlan["found"],
    missing: pawlChannels.filter(({ name }) => idOf(name) === undefined),
  };
}
