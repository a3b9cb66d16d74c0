import { discordLine } from "../../../src/adapters/discord/slash/discord-line.ts";
import { realClock } from "../../../src/adapters/time/real-clock.ts";
import { startDiscord } from "./server.ts";

/** Listens, loses Discord, stops listening, and ends by itself if nothing of all that is left. */
const discord = await startDiscord();
const { world, root, gateway } = discord;
const stop = new AbortController();
const line = discordLine({
  token: world.token,
  root,
  guests: { guild: world.guild, people: new Map() },
  write: (markdown) => markdown,
  clock: realClock,
});
const listening = line.listen(
  { hear: () => Promise.resolve({}), turnedAway: () => undefined, broken: () => undefined },
  stop.signal,
);
await gateway.untilReady();
await discord[Symbol.asyncDispose]();
stop.abort();
await listening;
