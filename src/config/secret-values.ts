import { readFileSync } from "node:fs";

import type { Config } from "./settle.ts";
import type { Surroundings } from "./surroundings.ts";

/** The values that must not turn up in anything we write. A variable that is not set has none. */
export function secretValues({ secrets }: Pick<Config, "secrets">, env: Surroundings["env"]): string[] {
  const fromEnv = secrets.env.flatMap((name) => env[name] ?? []);
  return [...fromEnv, ...secrets.files.flatMap((path) => secretsIn(readFileSync(path, "utf8")))];
}

/** Each line of a file, and of a line `NAME=value` the value. */
function secretsIn(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const value = line.replace(/^\s*(?:export\s+)?[A-Za-z_]\w*=/, "").trim();
    return value.startsWith("#") || value === "" ? [] : [value.replace(/^(["'])(.*)\1$/, "$2")];
  });
}
