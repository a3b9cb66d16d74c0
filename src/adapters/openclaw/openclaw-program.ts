import { execFile } from "node:child_process";

import type { AgentProgram, Ran } from "../../ports/agent-program.ts";

/** On a busy machine it takes a minute before it has loaded all it is made of. */
const longestMs = 180_000;
const mostBytes = 32 * 1024 * 1024;

/**
 * The `openclaw` on PATH, as if the person had typed it: it sees the whole environment, since its own configuration may
 * name any variable of it and is refused when one is missing.
 */
export function openclawProgram(
  profile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): AgentProgram {
  const global = profile === undefined ? [] : ["--profile", profile];
  const options = { env: { ...env, NO_COLOR: "1" }, timeout: longestMs, maxBuffer: mostBytes };
  return {
    run: (args) =>
      new Promise<Ran>((resolve, reject) => {
        execFile("openclaw", [...global, ...args], options, (error, stdout, stderr) => {
          if (error === null) return resolve({ kind: "ended", status: 0, stdout, stderr });
          if (error.code === "ENOENT" || error.code === "EACCES") return resolve({ kind: "missing" });
          if (typeof error.code === "number")
            return resolve({ kind: "ended", status: error.code, stdout, stderr });
          if (error.killed) return resolve({ kind: "too-slow", seconds: longestMs / 1000 });
          reject(error);
        }).stdin?.end();
      }),
  };
}
