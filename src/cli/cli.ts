import { styleText } from "node:util";

import type { Config } from "../config/settle.ts";
import type { Surroundings } from "../config/surroundings.ts";
import type { World } from "../wire/world.ts";

type Format = Parameters<typeof styleText>[0];

/** One command's way to the world and to whoever typed it. */
export class Cli {
  readonly world: World;
  /** A program reads along: results are JSON. */
  readonly json: boolean;
  readonly #configFile: string | undefined;
  #config: Config | undefined;

  constructor(world: World, { json = false, config }: { json?: boolean; config?: string }) {
    this.world = world;
    this.json = json;
    this.#configFile = config;
  }

  async config(): Promise<Config> {
    this.#config ??= await this.readConfig();
    return this.#config;
  }

  /**
   * Reads the file again, whatever was read before.
   *
   * @param overrides variables that count before those of the environment: PAWL_REMOTE for one
   */
  async readConfig(overrides: Surroundings["env"] = {}): Promise<Config> {
    const { loadConfig } = await import("../config/load.ts");
    const { around } = this.world;
    return loadConfig({ ...around, env: { ...around.env, ...overrides } }, this.#configFile);
  }

  /** The answer: for programs as JSON, for people as the text. */
  answer(value: object, text: () => string): void {
    this.world.out.write(this.json ? `${JSON.stringify(value, undefined, 2)}\n` : withEnd(text()));
  }

  /** Anything else there is to say goes to standard error, so that the answer can be piped on. */
  tell(text: string): void {
    this.world.err.write(withEnd(text));
  }

  /** Colour, where there are eyes to see it. */
  paint(format: Format, text: string): string {
    return this.hasColour(this.world.out) ? styleText(format, text, { validateStream: false }) : text;
  }

  hasColour(screen: World["out"]): boolean {
    const { env } = this.world.around;
    return screen.isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  }

  now(): Date {
    return this.world.clock.now();
  }
}

function withEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
