import { inspect } from "node:util";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { githubRepo, type GithubSettings } from "../../../src/adapters/github/github-repo.ts";
import { Fault } from "../../../src/fault.ts";
import { sshKeyPair } from "../../../src/format/ssh-key.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { RepoHost } from "../../../src/ports/repo-host.ts";
import type { FakeRepo } from "../../support/github-server/answers.ts";
import { type GithubServer, startGithub } from "../../support/github-server/server.ts";

const hostKey = publicKey(1);
const ownKey = publicKey(2);

let github: GithubServer;
let repo: FakeRepo;
let host: RepoHost;
let sleptMs: number[];

beforeEach(async () => {
  github = await startGithub({ hostKeys: [hostKey] });
  repo = github.repo("o", "n");
  sleptMs = [];
  host = hostWith({});
});

afterEach(() => github[Symbol.asyncDispose]());

describe("a repository on GitHub", () => {
  test("tells what provisioning asks about", async () => {
    expect(host.repository).toBe("o/n");
    expect(await host.facts()).toEqual({
      private: true,
      mayAdminister: true,
      defaultBranch: "main",
      actions: "off",
      forcePushes: "forbidden",
    });
  });

  test.each<[string, Partial<FakeRepo>, object]>([
    ["runs Actions", { runsActions: true }, { actions: "on" }],
    ["is public", { isPrivate: false }, { private: false }],
    ["has neither rules nor protection", { rules: [] }, { forcePushes: "allowed" }],
    ["is protected", { rules: [], protection: { allowsForcePushes: false } }, { forcePushes: "forbidden" }],
    [
      "is protected from deletion alone",
      { rules: ["deletion"], protection: { allowsForcePushes: true } },
      { forcePushes: "allowed" },
    ],
    [
      "is not to be asked more",
      { administration: "none", rules: [] },
      { mayAdminister: true, actions: "unknown", forcePushes: "unknown" },
    ],
    [
      "belongs to somebody else",
      { isAdmin: false, rules: [] },
      { mayAdminister: false, actions: "unknown", forcePushes: "unknown" },
    ],
  ])("tells that it %s", async (_, more, facts) => {
    Object.assign(repo, more);
    expect(await host.facts()).toMatchObject(facts);
  });

  test("is asked about the coordination branch, whatever its name", async () => {
    await hostWith({ branch: "work/ü#1" }).facts();
    expect(github.asked.map(({ path }) => path["branch"])).toContain("work/ü#1");
  });

  test.each<[object, string]>([
    [{ host: "github.com", port: 22 }, "github.com"],
    [{ host: "ghe.example", port: 2222 }, "[ghe.example]:2222"],
    [{ host: "fe80::1", port: 22 }, "[fe80::1]:22"],
  ])("tells its host keys for %j", async (ssh, name) => {
    expect(await hostWith({ ssh: ssh as GithubSettings["ssh"] }).knownHosts()).toEqual([
      `${name} ${hostKey}`,
    ]);
  });

  test("has host keys that are keys, and one to a line", async () => {
    for (const ssh_keys of [
      ["ssh-ed25519 AAAA\nevil ssh-ed25519 AAAA"],
      [`* ${hostKey}`],
      ["ssh-ed25519 AAAA"],
      ["x"],
    ]) {
      github.meet({ answer: { status: 200, body: { ssh_keys } } }, { operation: "GET /meta" });
      await expect(host.knownHosts()).rejects.toMatchObject({ code: "GH_DOWN" });
    }
  });

  test("takes a deploy key that may push, and lets it go", async () => {
    const added = await host.addDeployKey("pawl w 2026-11-21", `${ownKey} pawl@w`);
    expect(added).toMatchObject({ title: "pawl w 2026-11-21", key: ownKey, mayWrite: true });
    expect(await host.deployKeys()).toEqual([added]);
    expect(await host.removeDeployKey(added.id)).toBe(true);
    expect(await host.removeDeployKey(added.id)).toBe(false);
    expect(await host.deployKeys()).toEqual([]);
  });

  test("shows all of its keys, however many there are", async () => {
    for (let n = 0; n < 203; n++) {
      github.addByHand(repo, { title: `key ${n}`, key: publicKey(n + 10), isReadOnly: n % 2 === 1 });
    }
    const keys = await host.deployKeys();
    expect(keys.map(({ title }) => title)).toEqual(Array.from({ length: 203 }, (_, n) => `key ${n}`));
    expect(keys.filter(({ mayWrite }) => mayWrite)).toHaveLength(102);
  });

  test("that has the key already is no failure; one where it may only read, or another one, is", async () => {
    const there = await host.addDeployKey("pawl w 2026-11-20", ownKey);
    expect(await host.addDeployKey("pawl w 2026-11-21", ownKey)).toEqual(there);

    const [readOnly, elsewhere] = [publicKey(3), publicKey(4)];
    github.addByHand(repo, { title: "by hand", key: readOnly, isReadOnly: true });
    await expect(host.addDeployKey("t", readOnly)).rejects.toMatchObject({ code: "GH_KEY_IN_USE" });
    github.addByHand(github.repo("o", "other"), { title: "other", key: elsewhere });
    await expect(host.addDeployKey("t", elsewhere)).rejects.toMatchObject({ code: "GH_KEY_IN_USE" });
  });
});

describe("a request that fails", () => {
  const post = "POST /repos/{owner}/{repo}/keys";
  const list = "GET /repos/{owner}/{repo}/keys";
  const seeing = "GET /repos/{owner}/{repo}";

  function meet(status: number, message: string, headers = {}): void {
    github.meet({ answer: { status, headers, body: { message } } }, { operation: post });
  }

  test.each<[string, string, () => void]>([
    ["GH_TOKEN", "the token is deleted", () => github.deleteToken()],
    ["GH_NO_ADMIN", "the token may not", () => (repo.administration = "read")],
    ["GH_NO_ADMIN", "its owner may not", () => (repo.isAdmin = false)],
    ["GH_KEYS_FORBIDDEN", "the organisation does not want keys", () => (repo.takesDeployKeys = false)],
    ["GH_TOKEN", "single sign-on is wanted", () => meet(403, "SAML", { "x-github-sso": "required; url=x" })],
    ["GH_RATE", "an hour has to pass", () => meet(429, "Slow down", { "retry-after": "3600" })],
    ["GH_RATE", "there is a hidden limit", () => meet(403, "You have exceeded a secondary rate limit")],
    ["GH_DOWN", "GitHub is ill", () => meet(502, "Bad Gateway")],
    ["GH_NOT_FOUND", "it moved", () => meet(307, "Moved", { location: "https://evil.example/" })],
    ["GH_REFUSED", "it is archived", () => meet(403, "Repository was archived so is read-only.")],
    ["GH_REFUSED", "it is something new", () => meet(418, "I'm a teapot")],
  ])("is %s when %s", async (code, _, happen) => {
    happen();
    await expect(host.addDeployKey("t", ownKey)).rejects.toMatchObject({ code });
  });

  test("tells a repository that is not there from one where the token may not", async () => {
    const nowhere = hostWith({ name: "nowhere" });
    await expect(nowhere.facts()).rejects.toMatchObject({ code: "GH_NOT_FOUND" });
    await expect(nowhere.deployKeys()).rejects.toMatchObject({ code: "GH_NOT_FOUND" });
    repo.isAdmin = false;
    await expect(host.deployKeys()).rejects.toMatchObject({
      code: "GH_NO_ADMIN",
      hint: expect.stringContaining("Administration (read and write)"),
    });
  });

  test("names the permission that GitHub names", async () => {
    repo.administration = "none";
    await expect(host.deployKeys()).rejects.toMatchObject({
      message: expect.stringContaining("administration=read"),
    });
  });

  test("is tried again with patience where it only reads", async () => {
    github.meet({ answer: { status: 503, body: "<h1>unicorn</h1>" } }, { operation: list });
    github.meet({ cut: "before" }, { operation: list });
    github.meet({ answer: { status: 429, headers: { "retry-after": "7" }, body: {} } }, { operation: list });
    expect(await host.deployKeys()).toEqual([]);
    expect(sleptMs).toEqual([500, 1000, 7000]);
  });

  test("waits until a limit of rate is over, if that is soon", async () => {
    const reset = String(Date.parse("2026-11-21T10:00:20Z") / 1000);
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    github.meet({ answer: { status: 403, headers, body: {} } }, { operation: list });
    expect(await host.deployKeys()).toEqual([]);
    expect(sleptMs).toEqual([20_000]);
  });

  test("is given up after five tries", async () => {
    github.meet({ answer: { status: 500, body: {} } }, { operation: seeing, times: 99 });
    await expect(host.facts()).rejects.toMatchObject({ code: "GH_DOWN" });
    expect(github.asked).toHaveLength(5);
  });

  test("is made once where it changes something", async () => {
    github.meet({ answer: { status: 429, headers: { "retry-after": "1" }, body: {} } }, { operation: post });
    await expect(host.addDeployKey("t", ownKey)).rejects.toMatchObject({ code: "GH_RATE" });
    expect(github.asked).toHaveLength(1);
  });

  test.each([[{ cut: "after" as const }], [{ doneButAnswered: { status: 504, body: "<h1>unicorn</h1>" } }]])(
    "does not add a key twice when only its answer was lost (%j)",
    async (trouble) => {
      github.meet(trouble, { operation: post });
      expect(await host.addDeployKey("t", ownKey)).toMatchObject({ key: ownKey });
      expect(repo.keys).toHaveLength(1);
    },
  );

  test("does not add a key twice when the answer could not be read", async () => {
    github.meet({ doneButAnswered: { status: 201, body: "half of an ans" } }, { operation: post });
    await expect(host.addDeployKey("t", ownKey)).rejects.toMatchObject({ code: "GH_DOWN" });
    expect(await host.addDeployKey("t", ownKey)).toMatchObject({ key: ownKey });
    expect(repo.keys).toHaveLength(1);
  });

  test("ends when nobody answers", async () => {
    host = hostWith({ timeoutMs: 100 });
    github.meet({ silence: true }, { operation: list, times: 5 });
    await expect(host.deployKeys()).rejects.toMatchObject({
      code: "GH_DOWN",
      message: expect.stringContaining("no whole answer in time"),
    });
  });

  test("is told from the page of somebody in between", async () => {
    github.meet({ answer: { status: 200, body: "<h1>Please log in</h1>" } }, { operation: seeing });
    await expect(host.facts()).rejects.toMatchObject({ code: "GH_DOWN" });
  });

  test("keeps the token for itself, whatever the server says", async () => {
    const { token } = github;
    const faults: unknown[] = [];
    for (const answer of [
      { status: 401, body: { message: `Bad ${token}` } },
      { status: 403, body: { message: `no ${token}`, errors: [`${token}`] } },
      { status: 403, headers: { "x-accepted-github-permissions": token }, body: {} },
      { status: 422, body: { message: token, errors: [{ message: token }] } },
      { status: 500, body: token },
      { status: 301, headers: { location: `https://x/${token}` }, body: "" },
      { status: 200, body: { id: token } },
    ]) {
      github.meet({ answer }, { operation: post });
      await host.addDeployKey("t", ownKey).catch((error: unknown) => faults.push(error));
      repo.keys = [];
    }
    github.meet({ cut: "before" }, { operation: post });
    await host.addDeployKey("t", ownKey).catch((error: unknown) => faults.push(error));
    expect(faults).toHaveLength(8);
    for (const fault of faults) {
      expect(fault).toBeInstanceOf(Fault);
      expect(inspect(fault, { depth: null, showHidden: true })).not.toContain("Planted");
    }
  });
});

test.each([
  ["github_pat_x", true],
  ["ghp_x", true],
  ["0123456789abcdef", true],
  ["ghs_x", false],
])("with the token %s keys die with it: %j", (token, dies) => {
  expect(hostWith({ token }).warning !== undefined).toBe(dies);
});

describe("settings", () => {
  test.each(["http://github.example/api/v3", "ftp://127.0.0.1", "nonsense", "https://me:pass@x/", ""])(
    "that would carry the token in the open are refused: %j",
    (apiUrl) => {
      expect(() => hostWith({ apiUrl })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    },
  );

  test.each(["", " ", "a b", "a\nb", "tökên"])("with %j for a token are refused", (token) => {
    expect(() => hostWith({ token })).toThrow(expect.objectContaining({ code: "GH_TOKEN" }));
  });

  test("may have the line's end in the token that a shell leaves there", async () => {
    expect(await hostWith({ token: `${github.token}\n` }).deployKeys()).toEqual([]);
  });
});

function hostWith(settings: Partial<GithubSettings>): RepoHost {
  const clock: Clock = {
    now: () => new Date("2026-11-21T10:00:00Z"),
    monotonicMs: () => 0,
    sleep: (ms) => Promise.resolve(void sleptMs.push(ms)),
  };
  const usual = { token: github.token, owner: "o", name: "n", ssh: { host: "github.com", port: 22 } };
  return githubRepo({ ...usual, apiUrl: github.url, clock, chance: () => 0.5, ...settings });
}

function publicKey(seed: number): string {
  return sshKeyPair(Buffer.alloc(32, `seed ${seed} `), "").publicKey;
}
