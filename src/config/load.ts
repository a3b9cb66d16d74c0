import { readFileSync } from "node:fs";
import { dirname, relative } from "node:path";

import { Fault } from "../fault.ts";
import { findConfig } from "./find-config.ts";
import { readConfigText } from "./read-config-text.ts";
import type { ConfigFile } from "./schema.ts";
import { settle, type Config } from "./settle.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Finds, reads and completes the configuration.
 *
 * @param named the file, where the person named one
 */
export function loadConfig(around: Surroundings, named?: string): Config {
  const source = findConfig(around, named);
  const file = source === undefined ? {} : readConfigText(textOf(source), shortName(source, around.cwd));
  const folder = source === undefined ? around.cwd : dirname(source);
  return settle(withOverrides(file, around), { source, folder, around });
}

function withOverrides(file: ConfigFile, { env }: Surroundings): ConfigFile {
  const written = { remote: env["PAWL_REMOTE"], state: env["PAWL_STATE"], name: env["PAWL_NODE"] };
  const set = Object.entries(written).filter(([, value]) => value);
  if (set.length === 0) return file;
  const overrides = readConfigText(
    JSON.stringify(Object.fromEntries(set)),
    "PAWL_REMOTE, PAWL_STATE, PAWL_NODE",
  );
  return { ...file, ...overrides };
}

function textOf(source: string): string {
  try {
    return readFileSync(source, "utf8");
  } catch (error) {
    throw new Fault("CONFIG_INVALID", `${source} cannot be read: ${(error as Error).message}`, {
      hint: "Look at its owner and permissions.",
      cause: error,
    });
  }
}

function shortName(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith("..") ? path : short;
}
