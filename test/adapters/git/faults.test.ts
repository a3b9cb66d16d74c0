import { spawnSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { GitRepoOptions } from "../../../src/adapters/git/git-repo.ts";
import { gitFault, redact } from "../../../src/adapters/git/faults.ts";
import { diskFault, Fault, mayPass } from "../../../src/fault.ts";
import { startGitHttp, type GitHttp, type Trouble } from "../../support/git-http.ts";
import { processesNaming } from "../../support/processes.ts";
import { inPlaceOf } from "../../support/programs.ts";
import { Repos } from "../../support/repos.ts";
import { needs } from "../../support/require.ts";
import { makeKey, startSshd, type Sshd } from "../../support/sshd.ts";

let repos: Repos;
let count = 0;
beforeAll(async () => void (repos = await Repos.make()));
afterAll(() => repos[Symbol.asyncDispose]());

/** What looking and fetching come to; both are to fail for the same reason. */
async function faultOf(options: Partial<GitRepoOptions>): Promise<Fault> {
  const node = await repos.open(`node-${count++}`, options);
  const looking = await node.look().catch((error: unknown) => error);
  const fetching = await node.fetch().catch((error: unknown) => error);
  if (!(looking instanceof Fault) || !(fetching instanceof Fault))
    throw new Error(`no fault: ${String(looking)}`);
  expect(fetching.code).toBe(looking.code);
  expect(looking.hint.length).toBeGreaterThan(20);
  return looking;
}

describe("a remote", { tags: ["slow"] }, () => {
  test("that is no repository is not found", async () => {
    const fault = await faultOf({ remote: join(repos.folder, "nowhere.git") });
    expect(fault).toMatchObject({
      code: "REMOTE_NOT_FOUND",
      message: expect.stringContaining("nowhere.git"),
    });
  });

  test("that listens to nobody is unavailable", async () => {
    const host = await startGitHttp(repos.folder);
    const remote = `${host.address}/hub.git`;
    await host[Symbol.asyncDispose]();
    expect(await faultOf({ remote })).toMatchObject({ code: "REMOTE_UNAVAILABLE" });
  });

  test.each([
    ["git itself", "kill -9 $$"],
    ["a helper of git", "echo 'error: git-remote-http died of signal 9' >&2; exit 128"],
  ])("is asked again when somebody ended %s", async (_who, script) => {
    const PATH = inPlaceOf("git", script, join(repos.folder, `killed-${count}`));
    const fault = await faultOf({ env: { PATH } });
    expect(fault).toMatchObject({ code: "GIT_KILLED", hint: expect.stringContaining("memory") });
    expect(mayPass(fault)).toBe(true);
  });

  test("whose name nobody knows is unavailable", async () => {
    const fault = await faultOf({ remote: "https://pawl.invalid/hub.git" });
    expect(fault).toMatchObject({
      code: "REMOTE_UNAVAILABLE",
      message: expect.stringContaining("pawl.invalid"),
    });
  });

  test("without the branch says how to begin", async () => {
    const node = await repos.open("early", { branch: "ledger" });
    expect((await node.look()).head).toBeUndefined();
    await expect(node.fetch()).rejects.toMatchObject({
      code: "BRANCH_MISSING",
      hint: expect.stringContaining("pawl init"),
    });
    repos.git(["branch", "ledger", "main"]);
    expect((await node.fetch()).commit).toBe(repos.head());
  });
});

describe("a host behind HTTP", { tags: ["slow"] }, () => {
  let host: GitHttp;
  beforeAll(async () => void (host = await startGitHttp(repos.folder, { token: "s3cret" })));
  afterAll(() => host[Symbol.asyncDispose]());
  const address = (user: string) => `${host.address.replace("://", `://${user}@`)}/hub.git`;

  async function faultWith(trouble: Trouble, options: Partial<GitRepoOptions> = {}): Promise<Fault> {
    host.trouble = () => trouble;
    const fault = await faultOf({ remote: address("pawl:s3cret"), ...options });
    host.trouble = () => undefined;
    return fault;
  }

  test("lets in who has the token", async () => {
    const node = await repos.open("guest", { remote: address("pawl:s3cret") });
    expect((await node.fetch()).commit).toBe(repos.head());
  });

  test("refuses a wrong token, which is not repeated to anybody", async () => {
    const fault = await faultOf({ remote: address("pawl:wr0ng") });
    expect(fault.code).toBe("AUTH_REFUSED");
    expect(`${fault.message} ${fault.hint} ${String(fault.cause)}`).not.toContain("wr0ng");
  });

  test("refuses who says no name", async () => {
    expect(await faultOf({ remote: `${host.address}/hub.git` })).toMatchObject({ code: "AUTH_REFUSED" });
  });

  test.each([
    [401, "AUTH_REFUSED"],
    [403, "AUTH_REFUSED"],
    [404, "REMOTE_NOT_FOUND"],
    [429, "REMOTE_UNAVAILABLE"],
    [500, "REMOTE_UNAVAILABLE"],
    [503, "REMOTE_UNAVAILABLE"],
  ])("that answers %i means %s", async (code, meaning) => {
    expect(await faultWith({ kind: "status", code })).toMatchObject({ code: meaning });
  });

  test("that hangs is given up after the deadline, and no process stays behind", async () => {
    const fault = await faultWith({ kind: "hang" }, { deadlineSeconds: { look: 0.5, fetch: 0.5 } });
    expect(fault).toMatchObject({
      code: "REMOTE_TIMEOUT",
      message: expect.stringContaining("no answer in time"),
    });
    expect(processesNaming(host.address.replace("http://", ""))).toEqual([]);
  });

  test("that hangs while a large file is read does not hold up the reader", async () => {
    repos.plant({ "large.md": "x".repeat(100_000) });
    const node = await repos.open("reader", {
      remote: address("pawl:s3cret"),
      deadlineSeconds: { fetch: 2 },
    });
    const snapshot = await node.fetch();
    host.trouble = () => ({ kind: "hang" });
    await expect(snapshot.read("large.md")).rejects.toMatchObject({ code: "REMOTE_TIMEOUT" });
    host.trouble = () => undefined;
    expect(await snapshot.read("large.md")).toHaveLength(100_000);
  });

  test("that is away while a large file is read costs us no cache", async () => {
    repos.plant({ "other.md": "y".repeat(100_000) });
    const node = await repos.open("patient", { remote: address("pawl:s3cret") });
    const snapshot = await node.fetch();
    const { ino } = statSync(repos.cacheOf("patient"));
    host.trouble = () => ({ kind: "status", code: 503 });
    await expect(snapshot.read("other.md")).rejects.toMatchObject({ code: "REMOTE_UNAVAILABLE" });
    host.trouble = () => undefined;
    expect(await snapshot.read("other.md")).toHaveLength(100_000);
    expect(statSync(repos.cacheOf("patient")).ino).toBe(ino);
  });
});

describe.runIf(needs("sshd", "openssh-server"))("a host behind ssh", { tags: ["slow"] }, () => {
  let sshd: Sshd;
  beforeAll(async () => void (sshd = await startSshd()));
  afterAll(() => sshd[Symbol.asyncDispose]());
  const hub = () => sshd.address(repos.hub);

  test("that we never met is not trusted", async () => {
    const sshCommand = sshd.commandWith({ knownHosts: "/dev/null" });
    const fault = await faultOf({ remote: hub(), sshCommand });
    expect(fault).toMatchObject({ code: "HOST_KEY_UNKNOWN", hint: expect.stringContaining("known_hosts") });
  });

  test("that has another key than before is not trusted", async () => {
    makeKey(join(sshd.folder, "other-host"));
    const [type, key] = readKey(join(sshd.folder, "other-host.pub"));
    const knownHosts = join(sshd.folder, "old_known_hosts");
    const [name] = sshd.knownHostsLine.split(" ");
    writeFileSync(knownHosts, `${name} ${type} ${key}\n`);
    const fault = await faultOf({ remote: hub(), sshCommand: sshd.commandWith({ knownHosts }) });
    expect(fault).toMatchObject({ code: "HOST_KEY_CHANGED", hint: expect.stringContaining("in between") });
  });

  test("refuses a key that it does not know", async () => {
    makeKey(join(sshd.folder, "stranger"));
    const sshCommand = sshd.commandWith({ key: join(sshd.folder, "stranger") });
    const fault = await faultOf({ remote: hub(), sshCommand });
    expect(fault).toMatchObject({
      code: "AUTH_REFUSED",
      message: expect.stringContaining("Permission denied"),
    });
  });

  test("without the repository says so", async () => {
    const remote = sshd.address("/nowhere.git");
    expect(await faultOf({ remote, sshCommand: sshd.command })).toMatchObject({ code: "REMOTE_NOT_FOUND" });
  });

  test("denies the push of a key that may only read", async () => {
    const node = await repos.open("read-only", { remote: hub(), sshCommand: sshd.command });
    const parent = await node.fetch();
    await node[Symbol.asyncDispose]();
    makeKey(join(sshd.folder, "deploy"));
    const says = "ERROR: The key you are authenticating with has been marked as read only.";
    const line = `restrict,command="echo '${says}' >&2; exit 1" ${readKey(join(sshd.folder, "deploy.pub")).join(" ")}`;
    writeFileSync(join(sshd.folder, "authorized_keys"), `${line}\n`, { flag: "a" });
    const sshCommand = sshd.commandWith({ key: join(sshd.folder, "deploy") });
    const limited = await repos.open("read-only", { remote: hub(), sshCommand });
    await expect(
      limited.publish({ parent, message: "m", files: new Map([["a", "b"]]) }),
    ).rejects.toMatchObject({
      code: "PUSH_DENIED",
      message: expect.stringContaining("marked as read only"),
      hint: expect.stringContaining("write access"),
    });
  });
});

describe("a full disk", { tags: ["slow"] }, () => {
  test.each(["hub", "node"])("of the %s is named", async (whose) => {
    await using full = await Repos.make();
    const disk = join(full.folder, "disk");
    mkdirSync(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]).status === 0;
    if (!mounted) return console.warn("skipped: a disk of 1 MiB can only be mounted by root");
    try {
      const remote = whose === "hub" ? join(disk, "hub.git") : full.hub;
      if (whose === "hub") full.git(["clone", "--quiet", "--bare", full.hub, remote]);
      const cache = whose === "node" ? join(disk, "cache") : full.cacheOf("ada");
      const ada = await full.open("ada", { remote, cache });
      const parent = await ada.fetch();
      spawnSync("dd", ["if=/dev/zero", `of=${join(disk, "ballast")}`, "bs=4k"]);
      const files = new Map([["a.md", "some words\n"]]);
      await expect(ada.publish({ parent, message: "m", files })).rejects.toMatchObject({
        code: "DISK_FULL",
        hint: expect.stringContaining(whose === "hub" ? "machine that holds" : "disk that holds"),
      });
      await ada[Symbol.asyncDispose]();
    } finally {
      spawnSync("umount", ["--lazy", disk]);
    }
  });
});

describe("what git says of the cache", () => {
  const doing = { verb: "fetch", remote: "/srv/hub.git", cache: "/state/cache.git" } as const;
  const said = (stderr: string) =>
    gitFault(doing, { code: 128, signal: null, late: false, stdout: "", stderr });

  test.each([
    "fatal: 'origin' does not appear to be a git repository\nfatal: Could not read from remote repository.\n",
    "error: object file /state/cache.git/objects/ba/3e09 is empty\nfatal: index-pack failed\n",
    "error: index file /state/cache.git/objects/pack/pack-1.idx is too small\nfatal: index-pack failed\n",
    "fatal: cannot read existing object info 121390308494b961ba1b1d3ba1c759b1315d95a7\nfatal: index-pack failed\n",
    "fatal: unterminated line in /state/cache.git/packed-refs: garbage\n",
  ])("tells that it is broken: %j", (stderr) => {
    expect(said(stderr)).toMatchObject({
      code: "CACHE_BROKEN",
      hint: expect.stringContaining("/state/cache.git"),
    });
  });

  test("tells that another user has it", () => {
    const stderr = "error: insufficient permission for adding an object to /state/cache.git/objects\n";
    expect(said(stderr)).toMatchObject({ code: "FILE_DENIED", hint: expect.stringContaining("chown") });
    const denied = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    expect(diskFault("/state/cli/0", denied)).toMatchObject({
      code: "FILE_DENIED",
      message: expect.stringContaining("/state/cli/0"),
    });
  });

  test("is not mistaken for what it says of the remote", () => {
    expect(said("fatal: '/srv/hub.git' does not appear to be a git repository\n").code).toBe(
      "REMOTE_NOT_FOUND",
    );
    expect(said("remote: error: object file ./objects/ba/3e09 is empty\n").code).toBe("GIT_FAILED");
  });
});

test("an address is never told with its password", () => {
  expect(redact("unable to access 'https://pawl:s3cret@host/x.git/': no")).toBe(
    "unable to access 'https://***@host/x.git/': no",
  );
});

function readKey(path: string): string[] {
  return spawnSync("cat", [path]).stdout.toString().trim().split(" ").slice(0, 2);
}
