import { Client, Events, SimpleShardingStrategy, type WebSocketOptions } from "discord.js";

import { transport } from "../transport.ts";

/** A client that hears interactions and nothing else, and says nothing of its troubles: it gets over them by itself. */
export function quietClient(
  { root, timeoutMs = 10_000 }: { root?: string; timeoutMs?: number },
  end: AbortSignal,
): Client {
  const client = new Client({
    // Interactions come without asking.
    intents: [],
    rest: {
      version: "10",
      retries: 0,
      timeout: timeoutMs * 2,
      makeRequest: transport(timeoutMs),
      ...(root === undefined ? {} : { api: root }),
    },
    ws: { buildStrategy: endingAt(end) },
  });
  client.on(Events.Error, () => undefined);
  client.on(Events.ShardError, () => undefined);
  return client;
}

/**
 * Destroyed while it is about to connect again, as when the network is down, the library goes on trying for ever, which
 * keeps the process alive. After the end each try waits for something that never comes, and holds nothing.
 */
function endingAt(end: AbortSignal): NonNullable<WebSocketOptions["buildStrategy"]> {
  return (manager) => {
    const { options } = manager;
    const sessionOf = options.retrieveSessionInfo.bind(options);
    options.retrieveSessionInfo = (shard) =>
      end.aborted ? Promise.withResolvers<null>().promise : sessionOf(shard);
    return new SimpleShardingStrategy(manager);
  };
}
