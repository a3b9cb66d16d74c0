import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { apply } from "../../../provision/apply.ts";
import type { MachineFacts } from "../../../provision/facts.ts";
import type { Hands } from "../../../provision/hands.ts";
import { deployKeyTitle } from "../../../provision/identity/deploy-key-title.ts";
import { afterRotation, rotationSteps } from "../../../provision/identity/rotate.ts";
import { places } from "../../../provision/places.ts";
import { script, stepFault } from "../../../provision/scripts.ts";
import type { Deed } from "../../../provision/step.ts";
import type { Wanted } from "../../../provision/wanted.ts";
import { githubRepo } from "../../../src/adapters/github/github-repo.ts";
import type { RepoHost } from "../../../src/ports/repo-host.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { type GithubServer, startGithub } from "../../support/github-server/server.ts";
import type { FakeRepo } from "../../support/github-server/answers.ts";
import { needs } from "../../support/require.ts";
import { type Sshd, startSshd } from "../../support/sshd.ts";

const canRun = isRoot() && needs("sshd", "openssh-server") && needs("ssh-keygen", "openssh-client");

describe.skipIf(!canRun)("the rotation of a deploy key", { tags: ["slow"] }, () => {
  let folder: string;
  let hub: string;
  let sshd: Sshd;
  let github: GithubServer;
  let repo: FakeRepo;
  let host: RepoHost;
  let wanted: Wanted;
  let first: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "pawl-rotate-"));
    hub = join(folder, "o", "n.git");
    execFileSync("git", ["init", "-q", "--bare", hub]);
    sshd = await startSshd();
    github = await startGithub({ authorizedKeys: join(sshd.folder, "authorized_keys") });
    repo = github.repo("o", "n");
    const clock = new HandClock();
    const ssh = { host: "127.0.0.1", port: 22 };
    const at = { token: github.token, owner: "o", name: "n", apiUrl: github.url, ssh };
    host = githubRepo({ ...at, clock, chance: () => 0 });
    const remote = sshd.address(hub);
    const target = { kind: "host", user: "root", address: "127.0.0.1", port: 22 };
    wanted = { name: "w", target, repository: { remote, keys: "api" } } as Wanted;
    mkdirSync(join(folder, "keys"));
    writeFileSync(local(places.knownHosts), sshd.knownHostsLine);
    await run("deploy-key", { comment: "pawl w" });
    first = publicKey();
    await host.addDeployKey(deployKeyTitle("w", "2026-01-01"), first);
  });

  afterEach(async () => {
    await github[Symbol.asyncDispose]();
    await sshd[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test("ends with one key, another than before, and nothing left on the hub", async () => {
    const applied = await apply(rotation(hands()));
    expect(applied.changed).toEqual([
      "rotate.key",
      "rotate.registered",
      "rotate.proven",
      "rotate.switched",
      "rotate.old-gone",
    ]);
    expect(publicKey()).not.toBe(first);
    expect(repo.keys.map(({ key, title, isReadOnly }) => ({ key, title, isReadOnly }))).toEqual([
      { key: publicKey(), title: "pawl w 2026-11-21", isReadOnly: false },
    ]);
    expect(refs()).toBe("");
    await reach();
    expect(existsSync(`${local(places.deployKey)}.next`)).toBe(false);
  });

  test.each([1, 2, 3, 4])(
    "that ends after %i of its deeds leaves a key that works, and is finished by the next run",
    async (deeds) => {
      await expect(apply(rotation(hands({ deeds })))).rejects.toBe(cutOff);
      await reach();
      await apply(rotation(hands()));
      await reach();
      expect(publicKey()).not.toBe(first);
      expect(repo.keys.map(({ key }) => key)).toEqual([publicKey()]);
    },
  );

  test.each([1, 2, 3])("that ends after %i commands of the switch does so too", async (commands) => {
    await run("deploy-key-next", { comment: "pawl w" });
    const next = readFileSync(`${local(places.deployKey)}.next.pub`, "utf8");
    await host.addDeployKey(deployKeyTitle("w", "2026-11-21"), next);
    writeFileSync(local(`${places.deployKey}.proven`), next);
    const isCommand = (line: string) => /^(rm|mv) /.test(line);
    await run("deploy-key-switch", {}, (text) => {
      const lines = text.split("\n");
      const cut = lines.findIndex((_, n) => lines.slice(0, n).filter(isCommand).length === commands);
      return lines.slice(0, cut).join("\n");
    });
    await reach();
    await run("deploy-key", { comment: "pawl w" });
    await reach();
    expect(execFileSync("ssh-keygen", ["-y", "-f", local(places.deployKey)], { encoding: "utf8" })).toContain(
      publicKey(),
    );
  });

  test("leaves keys alone that are not the worker's", async () => {
    const keys = ["pawl w2 2026-01-01", "pawl", "my laptop", "pawl w and more words"].map((title) => {
      const file = join(folder, title.replaceAll(" ", "-"));
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
      return github.addByHand(repo, { title, key: readFileSync(`${file}.pub`, "utf8") });
    });
    await apply(rotation(hands()));
    expect(repo.keys.slice(0, -1)).toEqual(keys);
  });

  test("takes a new key that a person registered for reading only out of the way", async () => {
    await run("deploy-key-next", { comment: "pawl w" });
    const key = readFileSync(`${local(places.deployKey)}.next.pub`, "utf8");
    github.addByHand(repo, { title: "by hand", key, isReadOnly: true });
    await apply(rotation(hands()));
    expect(repo.keys).toMatchObject([{ key: publicKey(), isReadOnly: false }]);
  });

  test("does not switch to a key that may not push", async () => {
    const registersForReading = hands();
    registersForReading.carryOut = async (deed, errand) => {
      if (deed.do !== "register-deploy-key") return hands({ tries: 1 }).carryOut(deed, errand);
      github.addByHand(repo, { title: "x", key: deed.publicKey, isReadOnly: true });
      const made = repo.keys.at(-1)!;
      // The host's answer says otherwise than its git does.
      made.isReadOnly = false;
    };
    await expect(apply(rotation(registersForReading))).rejects.toMatchObject({
      code: "CLONE_DENIED",
      message: expect.stringContaining("marked as read only"),
    });
    expect(publicKey()).toBe(first);
    await reach();
  });

  test("where no API registers keys says which key to let in, goes on when that is done, and says which to take away", async () => {
    wanted = { ...wanted, repository: { ...wanted.repository, keys: "hands" } };
    const fault = await apply(rotation(hands())).catch((error: unknown) => error);
    const next = readFileSync(`${local(places.deployKey)}.next.pub`, "utf8").split(" ")[1]!;
    expect(fault).toMatchObject({ code: "CLONE_DENIED", message: expect.stringContaining(next) });
    expect(afterRotation(wanted, first, machine())).toBeUndefined();
    await reach();

    github.addByHand(repo, { title: "by hand", key: `ssh-ed25519 ${next}` });
    await apply(rotation(hands()));
    expect(publicKey()).toContain(next);
    expect(afterRotation(wanted, first, machine())).toContain(first);
    await reach();
  });

  function rotation(withHands: Hands, retired = first) {
    const clock = new HandClock();
    const steps = rotationSteps({ deployKey: retired, hostKey: "old" });
    return { steps, wanted, hands: withHands, clock, tell: () => undefined };
  }

  /** Those of a run that is cut off after so many deeds. */
  function hands({ deeds = Infinity, tries }: { deeds?: number; tries?: number } = {}): Hands {
    let count = 0;
    const never = () => Promise.reject(new Error("not asked for"));
    return {
      gatherCloud: never,
      gatherMachine: () =>
        Promise.resolve({ contact: { hostKey: "old", isThrowAway: false }, machine: machine() }),
      gatherRepository: async () => ({
        ...(await host.facts()),
        deployKeys: await host.deployKeys(),
        knownHosts: [],
      }),
      lockMachine: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
      async carryOut(deed) {
        await carryOut(deed, tries);
        if (++count === deeds) throw cutOff;
      },
    };
  }

  async function carryOut(deed: Deed, tries: number | undefined): Promise<void> {
    switch (deed.do) {
      case "script": {
        const { name, values } = deed.call;
        return run(name, { ...values, ...(tries !== undefined && { tries }) });
      }
      case "register-deploy-key":
        return void (await host.addDeployKey(deployKeyTitle("w", "2026-11-21"), deed.publicKey));
      case "remove-deploy-key":
        return void (await host.removeDeployKey(deed.id));
      default:
        throw new Error(`not asked for: ${deed.do}`);
    }
  }

  /** Where a path of the worker is in this test. */
  function local(path: string): string {
    return path.replace(places.home, folder).replace(places.folder, folder);
  }

  async function run(
    name: Parameters<typeof script>[0],
    values: object,
    change = (text: string) => text,
  ): Promise<void> {
    const text = change(script(name, values as never))
      .replaceAll(places.home, folder)
      .replaceAll(places.folder, folder)
      .replace(/^user='pawl'$/m, "user='root'");
    await promisify(execFile)("sh", ["-c", text]).catch(
      ({ code, stderr }: { code: number; stderr: string }) => {
        throw stepFault(name, { status: code, output: stderr });
      },
    );
  }

  function machine(): MachineFacts {
    const at = local(places.deployKey);
    const isThere = existsSync(`${at}.next`) && existsSync(`${at}.next.pub`);
    return {
      running: [],
      deployKey: { publicKey: publicKey(), madeAt: 0 },
      ...(isThere && {
        nextDeployKey: {
          publicKey: readFileSync(`${at}.next.pub`, "utf8"),
          isProven: existsSync(`${at}.proven`),
        },
      }),
    } as unknown as MachineFacts;
  }

  /** As the API shows it. */
  function publicKey(): string {
    return readFileSync(`${local(places.deployKey)}.pub`, "utf8")
      .split(" ")
      .slice(0, 2)
      .join(" ");
  }

  /** As the worker does. */
  async function reach(): Promise<void> {
    const files = { key: local(places.deployKey), knownHosts: local(places.knownHosts) };
    const env = { ...process.env, GIT_SSH_COMMAND: sshd.commandWith(files) };
    await promisify(execFile)("git", ["ls-remote", sshd.address(hub)], { env });
  }

  function refs(): string {
    return execFileSync("git", ["--git-dir", hub, "for-each-ref"], { encoding: "utf8" });
  }
});

test("a server of its own gets another host key too, a person's machine does not", () => {
  const step = rotationSteps({ deployKey: "ssh-ed25519 A", hostKey: "SHA256:old" }).at(-1)!;
  const contact = (hostKey: string) => ({ contact: { hostKey, isThrowAway: false } });
  const cloud = { target: { kind: "cloud" } } as Wanted;
  expect(step.isAsked?.(cloud)).toBe(true);
  expect(step.isAsked?.({ target: { kind: "host" } } as Wanted)).toBe(false);
  expect(step.check({}, cloud).is).toBe("unknown");
  expect(step.check(contact("SHA256:old"), cloud).is).toBe("work");
  expect(step.check(contact("SHA256:new"), cloud).is).toBe("right");
  expect(step.apply({}, cloud)).toEqual([{ do: "rotate-host-key" }]);
});

const cutOff = new Error("cut off");

function isRoot(): boolean {
  if (userInfo().uid === 0) return true;
  console.warn("skipped: only root can try scripts that become another user");
  return false;
}
