import { execFile } from "node:child_process";

export type Env = Readonly<Record<string, string | undefined>>;

const longestMs = 10_000;
const mostBytes = 8 * 1024 * 1024;

/** What a program says; `isWhole` is false where it was missing, failed or took too long. */
export function ask(
  program: string,
  args: readonly string[],
  env: Env,
): Promise<{ said: string; isWhole: boolean }> {
  const options = { env: { ...env, LC_ALL: "C" }, timeout: longestMs, maxBuffer: mostBytes };
  return new Promise((resolve) => {
    const child = execFile(program, args, options, (error, said) =>
      resolve({ said, isWhole: error === null }),
    );
    child.stdin?.on("error", () => undefined).end();
  });
}
