import { simpleGit, type SimpleGit } from "simple-git";

import type { Env } from "./environment.ts";

/**
 * simple-git for the commands that stay on this machine and print something: it costs them 0.5 ms. A silent command
 * would wait 50 ms for output, and nothing but runGit can end one that hangs, so those and all that go to the network
 * are runGit's.
 */
export function simpleGitIn(folder: string, env: Env, config: string[] = []): SimpleGit {
  return simpleGit({
    baseDir: folder,
    config,
    allowEnvironment: Object.keys(env),
    unsafe: { allowUnsafeSshCommand: true, allowUnsafeConfigPaths: true },
    // Without this a git that was killed, or one that failed without a word, counts as a success.
    errors: (error, { exitCode }) =>
      error ?? (exitCode === 0 ? undefined : new Error(`git ended with ${exitCode}`)),
  }).env({ ...env });
}
