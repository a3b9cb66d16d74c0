import { Octokit } from "@octokit/rest";

import { backoff } from "../../core/retry.ts";
import type { Chance } from "../../ports/chance.ts";
import type { Clock } from "../../ports/clock.ts";
import { transport } from "./transport.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

export type Access = {
  token: string;
  /** Of the API, without a slash at its end. */
  root: string;
  clock: Clock;
  chance: Chance;
  timeoutMs: number;
};

export type Asked<Value> = { ok: true; value: Value } | { ok: false; trouble: Trouble };

export type Call<Value> = (octokit: Octokit) => Promise<{ data: Value }>;

/** Calls of GitHub's API whose failures are values without the token. */
export type Calls = {
  /** Tried again with patience: for what changes nothing. */
  read<Value>(call: Call<Value>): Promise<Asked<Value>>;
  /** Made once. */
  write<Value>(call: Call<Value>): Promise<Asked<Value>>;
};

const tries = 5;

/** Who has to wait longer for a limit to pass is told so instead. */
const longestWaitSeconds = 60;

export function githubCalls({ token, root, clock, chance, timeoutMs }: Access): Calls {
  const octokit = new Octokit({
    auth: token,
    baseUrl: root,
    userAgent: "pawl",
    log: { debug: silence, info: silence, warn: silence, error: silence },
    request: { fetch: transport(timeoutMs), headers: { "x-github-api-version": "2022-11-28" } },
  });

  async function once<Value>(call: Call<Value>): Promise<Asked<Value>> {
    try {
      return { ok: true, value: (await call(octokit)).data };
    } catch (error) {
      return { ok: false, trouble: troubleOf(error, clock.now()) };
    }
  }

  async function read<Value>(call: Call<Value>): Promise<Asked<Value>> {
    for (let failures = 1; ; failures++) {
      const asked = await once(call);
      if (asked.ok || failures === tries) return asked;
      const wait = waitMs(asked.trouble, backoff(failures, chance(), { firstMs: 1000 }));
      if (wait === undefined) return asked;
      await clock.sleep(wait);
    }
  }

  return { read, write: once };
}

/** Before the next try; nothing where no waiting helps. */
function waitMs(trouble: Trouble, usualMs: number): number | undefined {
  switch (trouble.kind) {
    case "unreachable":
    case "lost":
      return usualMs;
    case "moved":
      return undefined;
    case "refusal":
      if (trouble.waitSeconds === undefined) return trouble.status >= 500 ? usualMs : undefined;
      return trouble.waitSeconds > longestWaitSeconds ? undefined : trouble.waitSeconds * 1000;
    default:
      return trouble satisfies never;
  }
}

function silence(): void {}
