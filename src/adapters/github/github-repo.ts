import type { Octokit } from "@octokit/rest";
import * as z from "zod";

import { Fault } from "../../fault.ts";
import { readPublicKey } from "../../format/ssh-key.ts";
import { blanker } from "../../format/secrets.ts";
import type { Chance } from "../../ports/chance.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DeployKey, RepoFacts, RepoHost } from "../../ports/repo-host.ts";
import { type Call, githubCalls } from "./calls.ts";
import { faultOf, seeing } from "./faults.ts";
import { checkedRoot, checkedToken } from "./settings.ts";
import type { Trouble } from "./trouble.ts";

export type GithubSettings = {
  token: string;
  owner: string;
  name: string;
  /** How git reaches it, for known_hosts. */
  ssh: { host: string; port: number };
  /** The coordination branch; the repository's default branch without it. */
  branch?: string;
  /** GITHUB_API_URL, for an enterprise's own server: `https://github.example.org/api/v3`. */
  apiUrl?: string;
  clock: Clock;
  chance: Chance;
  timeoutMs?: number;
};

/** A repository on GitHub, or on an enterprise's own server of it. */
export function githubRepo(settings: GithubSettings): RepoHost {
  const { owner, name: repo, ssh, branch, clock, chance, timeoutMs = 15_000 } = settings;
  const token = checkedToken(settings.token);
  const calls = githubCalls({ token, root: checkedRoot(settings.apiUrl), clock, chance, timeoutMs });
  const repository = `${owner}/${repo}`;
  const place = { owner, repo };
  const { blank } = blanker([token]);

  /** 404 may mean that there is no repository, or that the token may not do that in it. */
  async function fail(trouble: Trouble, doing: string): Promise<never> {
    if (isMissing(trouble) && doing !== seeing) {
      const seen = await calls.read((octokit) => octokit.rest.repos.get(place));
      if (!seen.ok) throw faultOf(seen.trouble, { repository, doing: seeing, blank });
    }
    throw faultOf(trouble, { repository, doing, blank });
  }

  async function read<Value>(doing: string, schema: z.ZodType<Value>, call: Call<unknown>): Promise<Value> {
    const asked = await calls.read(call);
    return asked.ok ? parsed(doing, schema, asked.value) : fail(asked.trouble, doing);
  }

  /** What a token with fewer permissions may not ask. */
  async function readIfAllowed<Value>(
    doing: string,
    schema: z.ZodType<Value>,
    call: Call<unknown>,
  ): Promise<Value | { not: string }> {
    const asked = await calls.read(call);
    if (asked.ok) return parsed(doing, schema, asked.value);
    const { trouble } = asked;
    const isForbidden = trouble.kind === "refusal" && [403, 404].includes(trouble.status);
    return isForbidden && trouble.waitSeconds === undefined ? { not: trouble.said } : fail(trouble, doing);
  }

  async function deployKeys(): Promise<DeployKey[]> {
    const found: DeployKey[] = [];
    for (let page = 1; ; page++) {
      const some = await read("listing its deploy keys", z.array(Key), (octokit) =>
        octokit.rest.repos.listDeployKeys({ ...place, per_page: keysOnPage, page }),
      );
      found.push(...some);
      if (some.length < keysOnPage) return found;
    }
  }

  async function forcePushes(branchName: string): Promise<RepoFacts["forcePushes"]> {
    const at = { ...place, branch: branchName };
    const [rules, protection] = await Promise.all([
      readIfAllowed("reading its rules", Rules, (octokit) =>
        octokit.rest.repos.getBranchRules({ ...at, per_page: 100 }),
      ),
      readIfAllowed("reading the protection of its branch", Protection, (octokit) =>
        octokit.rest.repos.getBranchProtection(at),
      ),
    ]);
    if (Array.isArray(rules) && rules.some(({ type }) => type === "non_fast_forward")) return "forbidden";
    if ("not" in protection) {
      return Array.isArray(rules) && protection.not.startsWith("Branch not protected")
        ? "allowed"
        : "unknown";
    }
    if (!protection.allow_force_pushes.enabled) return "forbidden";
    return Array.isArray(rules) ? "allowed" : "unknown";
  }

  return {
    repository,

    // A GitHub App's own tokens are the exception.
    ...(!token.startsWith("ghs_") && {
      warning:
        "Do not delete the token that registered the worker's key: GitHub deletes the key with it. Regenerating the token is fine.",
    }),

    async facts() {
      const {
        private: isPrivate,
        permissions,
        default_branch: defaultBranch,
      } = await read(seeing, Repo, (octokit) => octokit.rest.repos.get(place));
      const [actions, pushes] = await Promise.all([
        readIfAllowed("reading whether Actions run", Actions, (octokit) =>
          octokit.rest.actions.getGithubActionsPermissionsRepository(place),
        ),
        forcePushes(branch ?? defaultBranch),
      ]);
      return {
        private: isPrivate,
        mayAdminister: permissions.admin,
        defaultBranch,
        actions: "not" in actions ? "unknown" : actions.enabled ? "on" : "off",
        forcePushes: pushes,
      };
    },

    async knownHosts() {
      const { ssh_keys: keys } = await read("reading its ssh host keys", Meta, (octokit) =>
        octokit.rest.meta.get(),
      );
      const host = ssh.port === 22 && !ssh.host.includes(":") ? ssh.host : `[${ssh.host}]:${ssh.port}`;
      return keys.map((key) => `${host} ${key}`);
    },

    deployKeys,

    async addDeployKey(title, publicKey) {
      const doing = "adding a deploy key";
      const asked = await calls.write((octokit: Octokit) =>
        octokit.rest.repos.createDeployKey({ ...place, title, key: publicKey, read_only: false }),
      );
      if (asked.ok) return parsed(doing, Key, asked.value);
      // Its answer may have been lost, now or in an earlier run: what counts is whether the key is there.
      const there = mayHaveWorked(asked.trouble)
        ? (await deployKeys()).find((one) => isSame(one.key, publicKey))
        : undefined;
      return there?.mayWrite ? there : fail(asked.trouble, doing);
    },

    async removeDeployKey(id) {
      const asked = await calls.write((octokit) =>
        octokit.rest.repos.deleteDeployKey({ ...place, key_id: id }),
      );
      if (asked.ok) return true;
      const { trouble } = asked;
      if (isMissing(trouble) && !(await deployKeys()).some((one) => one.id === id)) return false;
      return fail(trouble, "removing a deploy key");
    },
  };
}

const keysOnPage = 100;

function isMissing(trouble: Trouble): boolean {
  return trouble.kind === "refusal" && trouble.status === 404;
}

function mayHaveWorked(trouble: Trouble): boolean {
  return (
    trouble.kind === "lost" ||
    (trouble.kind === "refusal" && (trouble.status === 422 || trouble.status >= 500))
  );
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [readPublicKey(one), readPublicKey(other)];
  return a !== undefined && b !== undefined && a.blob.equals(b.blob);
}

function parsed<Value>(doing: string, schema: z.ZodType<Value>, value: unknown): Value {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Fault(
    "GH_DOWN",
    `What answered while ${doing} is not GitHub's API: ${issue?.path.join(".") || "the answer"}: ${issue?.message}`,
    { hint: "Something on the way may have answered instead; without GITHUB_API_URL it is api.github.com." },
  );
}

const Key = z
  .object({ id: z.int(), key: z.string(), title: z.string(), created_at: z.string(), read_only: z.boolean() })
  .transform(({ id, key, title, created_at: createdAt, read_only: isReadOnly }): DeployKey => ({
    id,
    title,
    key,
    mayWrite: !isReadOnly,
    createdAt,
  }));

const Repo = z.object({
  private: z.boolean(),
  default_branch: z.string(),
  permissions: z.object({ admin: z.boolean() }).default({ admin: false }),
});

const Actions = z.object({ enabled: z.boolean() });

const Rules = z.array(z.object({ type: z.string() }));

const Protection = z.object({
  allow_force_pushes: z.object({ enabled: z.boolean() }).default({ enabled: false }),
});

/** Each becomes a line of a file that ssh trusts. */
const HostKey = z
  .string()
  .refine((line) => /^[\w@.-]+ [\w+/=]+$/.test(line) && readPublicKey(line), "no key");

/** An enterprise's own server does not tell its keys. */
const Meta = z.object({ ssh_keys: z.array(HostKey).default([]) });
