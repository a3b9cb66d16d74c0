import { existsSync, readFileSync } from "node:fs";

import { secretSources } from "./settle-routing.ts";
import type { Config } from "./settle.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * The values that must not turn up in anything we write. A variable that is not set has none, and no more has the file
 * of a bot's token on a machine that runs no bot; a file that is named under `secrets` has to be there.
 */
export function secretValues(
  { secrets, routing }: Pick<Config, "secrets"> & Partial<Pick<Config, "routing">>,
  env: Surroundings["env"],
): string[] {
  const tokens = routing === undefined ? [] : secretSources(routing);
  const names = [...secrets.env, ...tokens.flatMap((source) => ("env" in source ? source.env : []))];
  const files = [
    ...secrets.files,
    ...tokens.flatMap((source) => ("file" in source && existsSync(source.file) ? source.file : [])),
  ];
  const fromEnv = names.flatMap((name) => env[name] || []);
  return [...fromEnv, ...files.flatMap((path) => secretsIn(readFileSync(path, "utf8")))];
}

/** Each line of a file, and of a line `NAME=value` the value. */
function secretsIn(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const value = line.replace(/^\s*(?:export\s+)?[A-Za-z_]\w*=/, "").trim();
    return value.startsWith("#") || value === "" ? [] : [value.replace(/^(["'])(.*)\1$/, "$2")];
  });
}
