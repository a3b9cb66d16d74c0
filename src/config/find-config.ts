import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { Fault } from "../fault.ts";
import type { Surroundings } from "./surroundings.ts";

/** It counts by any of these names; two in one folder are refused. */
export const configNames = ["pawl.config.yaml", "pawl.config.yml", "pawl.config.json"];

/** The file that counts: the one that was named, the nearest one upwards, or the user's own; undefined without any. */
export function findConfig({ cwd, env, home }: Surroundings, named?: string): string | undefined {
  const asked = named ?? env["PAWL_CONFIG"];
  if (asked) {
    const path = resolve(cwd, asked);
    if (existsSync(path)) return path;
    throw new Fault("CONFIG_MISSING", `There is no configuration at ${path}`, {
      hint:
        named === undefined ? "PAWL_CONFIG names it; correct or unset it." : "Correct what follows --config.",
    });
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = inFolder(folder);
    if (found !== undefined) return found;
    if (dirname(folder) === folder) break;
  }
  return inFolder(join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "pawl"));
}

function inFolder(folder: string): string | undefined {
  const found = configNames.filter((name) => existsSync(join(folder, name)));
  if (found.length <= 1) return found[0] && join(folder, found[0]);
  throw new Fault("CONFIG_INVALID", `${found.join(" and ")} both stand in ${folder}`, {
    hint: "Keep one of them.",
  });
}
