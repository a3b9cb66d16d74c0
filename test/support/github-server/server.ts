import { writeFileSync } from "node:fs";

import { readPublicKey } from "../../../src/format/ssh-key.ts";
import type { Answer, Asked, Operations } from "../openapi/mock.ts";
import { type ServedMock, serveOpenApi } from "../openapi/serve.ts";
import { type FakeKey, type FakeRepo, invalid, keyView, refusal, repoView } from "./answers.ts";

/** To be looked for in everything that is printed or stored. */
const plantedToken = "github_pat_Planted_token_that_must_never_appear_0";

export type GithubOptions = {
  token?: string;
  /** Of the server that git reaches by ssh, each `ssh-ed25519 AAAA...`. */
  hostKeys?: readonly string[];
  /**
   * A file that always holds the keys registered now, for a real sshd: `AuthorizedKeysFile`. With a read-only key git
   * may fetch and nothing else.
   */
  authorizedKeys?: string;
  now?: () => Date;
};

/** GitHub as far as a token with a repository can tell, on loopback. Both sides are held to GitHub's description. */
export type GithubServer = ServedMock & {
  token: string;
  /** Makes a repository, private and with an administrator's token unless told otherwise. */
  repo(owner: string, name: string, more?: Partial<FakeRepo>): FakeRepo;
  /** As a person does in a browser, who may also tick "allow write access" or not. */
  addByHand(repo: FakeRepo, key: { title: string; key: string; isReadOnly?: boolean }): FakeKey;
  /** Deletes the token: what it registered goes with it. */
  deleteToken(): void;
};

export async function startGithub(options: GithubOptions = {}): Promise<GithubServer> {
  const { token = plantedToken, hostKeys = [], authorizedKeys, now = () => new Date() } = options;
  const repos: FakeRepo[] = [];
  let lastId = 90_000;
  let isTokenDeleted = false;

  const found = ({ path }: Asked) =>
    repos.find(({ owner, name }) => owner === path["owner"] && name === path["repo"]) ?? never();
  const all = () => repos.flatMap(({ keys }) => keys);

  function writeKeys(): void {
    if (authorizedKeys === undefined) return;
    const lines = all().map(({ key, isReadOnly }) => (isReadOnly ? `${onlyFetch} ${key}\n` : `${key}\n`));
    writeFileSync(authorizedKeys, lines.join(""), { mode: 0o600 });
  }

  function register(
    repo: FakeRepo,
    { title, key, isReadOnly, by }: Omit<FakeKey, "id" | "createdAt" | "token"> & { by: string },
  ): FakeKey {
    const [type = "", base64 = ""] = key.split(" ");
    const createdAt = `${now().toISOString().slice(0, 19)}Z`;
    const made = { id: ++lastId, title, key: `${type} ${base64}`, isReadOnly, createdAt, token: by };
    repo.keys.push(made);
    writeKeys();
    return made;
  }

  const operations: Operations = {
    "GET /meta": () => ({
      status: 200,
      body: { verifiable_password_authentication: false, ssh_keys: hostKeys },
    }),
    "GET /repos/{owner}/{repo}": (asked) => ({ status: 200, body: repoView(found(asked)) }),
    "GET /repos/{owner}/{repo}/keys": (asked) => {
      const [size, page] = [Number(asked.query.get("per_page") ?? 30), Number(asked.query.get("page") ?? 1)];
      const repo = found(asked);
      return {
        status: 200,
        body: repo.keys.slice((page - 1) * size, page * size).map((key) => keyView(repo, key)),
      };
    },
    "POST /repos/{owner}/{repo}/keys": (asked) => {
      const repo = found(asked);
      const { title = "", key, read_only: isReadOnly = false } = asked.body;
      const read = readPublicKey(key);
      if (!repo.takesDeployKeys) return invalid("Deploy keys are disabled for this repository");
      if (!read) return invalid("key is invalid. You must supply a key in OpenSSH public key format");
      if (all().some((one) => readPublicKey(one.key)?.blob.equals(read.blob))) {
        return invalid("key is already in use");
      }
      return { status: 201, body: keyView(repo, register(repo, { title, key, isReadOnly, by: token })) };
    },
    "DELETE /repos/{owner}/{repo}/keys/{key_id}": (asked) => {
      const repo = found(asked);
      repo.keys = repo.keys.filter(({ id }) => id !== Number(asked.path["key_id"]));
      writeKeys();
      return { status: 204 };
    },
    "GET /repos/{owner}/{repo}/actions/permissions": (asked) => ({
      status: 200,
      body: { enabled: found(asked).runsActions, allowed_actions: "all" },
    }),
    "GET /repos/{owner}/{repo}/rules/branches/{branch}": (asked) => ({
      status: 200,
      body: found(asked).rules.map((type) => ({
        type,
        ruleset_source_type: "Repository",
        ruleset_source: `${asked.path["owner"]}/${asked.path["repo"]}`,
        ruleset_id: 42,
      })),
    }),
    "GET /repos/{owner}/{repo}/branches/{branch}/protection": (asked) => {
      const { protection } = found(asked);
      if (protection === undefined) return refusal(404, "Branch not protected");
      return { status: 200, body: { allow_force_pushes: { enabled: protection.allowsForcePushes } } };
    },
  };

  /** What GitHub answers to who may not; its description does not tell of that. */
  function refuse(asked: Asked): Answer | undefined {
    const { operation, path, headers } = asked;
    if (
      isTokenDeleted ||
      !["token", "Bearer"].some((word) => headers["authorization"] === `${word} ${token}`)
    ) {
      return refusal(401, "Bad credentials");
    }
    if (operation === "GET /meta") return undefined;
    const repo = repos.find(({ owner, name }) => owner === path["owner"] && name === path["repo"]);
    if (repo === undefined) return refusal(404, "Not Found");
    if (operation === "GET /repos/{owner}/{repo}" || operation.includes("/rules/")) return undefined;
    const needed = operation.startsWith("GET") ? "read" : "write";
    if (!repo.isAdmin) return refusal(404, "Not Found");
    if (repo.administration === "none" || (needed === "write" && repo.administration === "read")) {
      const headers = { "x-accepted-github-permissions": `administration=${needed}` };
      return refusal(403, "Resource not accessible by personal access token", headers);
    }
    if (operation.startsWith("DELETE") && !repo.keys.some(({ id }) => id === Number(path["key_id"]))) {
      return refusal(404, "Not Found");
    }
    return undefined;
  }

  const served = await serveOpenApi("github", operations, { refuse });
  writeKeys();
  return {
    ...served,
    token,
    repo(owner, name, more = {}) {
      const made: FakeRepo = {
        owner,
        name,
        isPrivate: true,
        defaultBranch: "main",
        isAdmin: true,
        administration: "write",
        takesDeployKeys: true,
        runsActions: false,
        rules: ["deletion", "non_fast_forward"],
        keys: [],
        ...more,
      };
      repos.push(made);
      return made;
    },
    addByHand: (repo, { title, key, isReadOnly = false }) =>
      register(repo, { title, key, isReadOnly, by: "a person" }),
    deleteToken() {
      isTokenDeleted = true;
      for (const repo of repos) repo.keys = repo.keys.filter((key) => key.token !== token);
      writeKeys();
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      if (served.complaints.length > 0)
        throw new Error(`not by GitHub's description:\n${served.complaints.join("\n")}`);
    },
  };
}

/** What stands before a read-only key: git asks for one of two programs, and only one of them may be started. */
const onlyFetch = `restrict,command="case $SSH_ORIGINAL_COMMAND in git-upload-pack*) eval \\"$SSH_ORIGINAL_COMMAND\\";; *) echo 'ERROR: The key you are authenticating with has been marked as read only.' >&2; exit 1;; esac"`;

function never(): never {
  throw new Error("a request for a repository that is not there has been refused before");
}
