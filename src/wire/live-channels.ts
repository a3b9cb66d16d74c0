import type { Config } from "../config/settle.ts";
import type { Channel } from "../ports/channel.ts";
import { openChannels, type ChannelTools } from "./channels.ts";

/** The channels that the configuration names at present; another configuration opens them anew. */
export class LiveChannels {
  readonly #config: () => Config;
  readonly #tools: ChannelTools;
  readonly #opened: () => void;
  #channels: Map<string, Channel>;
  #routing: Config["routing"];

  private constructor(
    config: () => Config,
    tools: ChannelTools,
    { channels, opened }: { channels: Map<string, Channel>; opened: () => void },
  ) {
    this.#config = config;
    this.#tools = tools;
    this.#opened = opened;
    this.#channels = channels;
    this.#routing = config().routing;
  }

  /** @param opened is called when other channels have taken the place of the former */
  static async open(config: () => Config, tools: ChannelTools, opened: () => void): Promise<LiveChannels> {
    return new LiveChannels(config, tools, { channels: await openChannels(config(), tools), opened });
  }

  get(name: string): Channel | undefined {
    if (this.#config().routing !== this.#routing) void this.#reopen(this.#config());
    return this.#channels.get(name);
  }

  async #reopen(config: Config): Promise<void> {
    this.#routing = config.routing;
    this.#channels = await openChannels(config, this.#tools);
    this.#opened();
  }
}
