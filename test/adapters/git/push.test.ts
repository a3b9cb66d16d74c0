import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { janitor } from "../../../src/adapters/git/janitor.ts";
import { NodeName } from "../../../src/core/ids.ts";
import type { Proposal, Snapshot } from "../../../src/ports/shared-repo.ts";
import { startGitHttp, type Trouble } from "../../support/git-http.ts";
import { processesNaming } from "../../support/processes.ts";
import { inPlaceOf } from "../../support/programs.ts";
import { Repos } from "../../support/repos.ts";

const w1 = NodeName.parse("w1");

describe("a push", { tags: ["slow"] }, () => {
  test("wins alone, forty times over", async () => {
    await using repos = await Repos.make();
    const nodes = [await repos.open("ada"), await repos.open("bob")];
    for (let round = 0; round < 40; round++) {
      const parents = await Promise.all(nodes.map((node) => node.fetch()));
      const receipts = await Promise.all(
        nodes.map((node, n) => node.publish(note(parents[n]!, `${n} in round ${round}`))),
      );
      expect(receipts.map(({ kind }) => kind).toSorted()).toEqual(["accepted", "outdated"]);
      const winner = receipts.findIndex(({ kind }) => kind === "accepted");
      expect(Buffer.from(repos.bytes("NOTE.md")).toString()).toBe(`${winner} in round ${round}`);
    }
  });

  test("that landed while its answer was lost is unknown, and is found by looking", async () => {
    const { receipt, landed } = await publishWith({ kind: "answer-lost" });
    expect(receipt).toMatchObject({ kind: "unknown", why: expect.stringContaining("Could not push") });
    expect(landed).toBe(true);
  });

  test("that landed and was answered with an error is unknown", async () => {
    const { receipt, landed } = await publishWith({ kind: "status-after", code: 500 });
    expect(receipt).toMatchObject({ kind: "unknown" });
    expect(landed).toBe(true);
  });

  test("that gets no answer is unknown after its deadline, and leaves no process behind", async () => {
    const { receipt, landed, address } = await publishWith({ kind: "hang" });
    expect(receipt).toMatchObject({ kind: "unknown", why: expect.stringContaining("no answer in time") });
    expect(landed).toBe(false);
    expect(processesNaming(address)).toEqual([]);
  });

  test("is unknown when the hub's side of it dies after it was done", async () => {
    await using repos = await Repos.make();
    await hook(repos.hub, "reference-transaction", '[ "$1" != committed ] || kill -9 $PPID');
    const ada = await repos.open("ada");
    expect(await ada.publish(note(await ada.fetch(), "mine"))).toMatchObject({ kind: "unknown" });
    expect(await (await ada.fetch()).read("NOTE.md")).toBe("mine");
  });

  test("whose git was killed is unknown", async () => {
    await using repos = await Repos.make();
    const script = 'case "$*" in push*) kill -9 $$;; *) exec "$REAL" "$@";; esac';
    const real = "/usr/bin/git";
    const env = { PATH: inPlaceOf("git", script, repos.folder), REAL: real };
    const ada = await repos.open("ada", { env });
    expect(await ada.publish(note(await ada.fetch(), "x"))).toMatchObject({
      kind: "unknown",
      why: expect.stringContaining("SIGKILL"),
    });
  });

  test("stands when only the beat that rode along was refused", async () => {
    await using repos = await Repos.make();
    await hook(repos.hub, "update", 'case "$1" in refs/worker/*) echo no beats today; exit 1;; esac');
    const ada = await repos.open("ada");
    const proposal = { ...note(await ada.fetch(), "result"), beat: { worker: w1, text: "alive" } };
    expect(await ada.publish(proposal)).toMatchObject({ kind: "accepted", beat: "refused" });
    expect((await ada.look()).beats.size).toBe(0);
    await expect(ada.beat(w1, "alive")).rejects.toMatchObject({ code: "BRANCH_PROTECTED" });
  });

  test("to a branch that a hook protects is refused in the hook's own words", async () => {
    await using repos = await Repos.make();
    await hook(repos.hub, "pre-receive", "echo 'error: GH006: Protected branch update failed' >&2; exit 1");
    const ada = await repos.open("ada");
    await expect(ada.publish(note(await ada.fetch(), "x"))).rejects.toMatchObject({
      code: "BRANCH_PROTECTED",
      message: expect.stringContaining("GH006: Protected branch update failed"),
      hint: expect.stringContaining("Exempt"),
    });
  });

  test("without the right to write is denied", async () => {
    await using repos = await Repos.make();
    await using host = await startGitHttp(repos.folder);
    host.trouble = ({ url }) => (url.includes("receive-pack") ? { kind: "status", code: 403 } : undefined);
    const ada = await repos.open("ada", { remote: `${host.address}/hub.git` });
    await expect(ada.publish(note(await ada.fetch(), "x"))).rejects.toMatchObject({
      code: "PUSH_DENIED",
      hint: expect.stringContaining("write access"),
    });
  });

  test("against a lock that a killed push left is a lost race at first, then a fault that the janitor cures", async () => {
    await using repos = await Repos.make();
    const lock = join(repos.hub, "refs/heads/main.lock");
    writeFileSync(lock, "");
    const ada = await repos.open("ada");
    const proposal = note(await ada.fetch(), "x");
    for (let loss = 0; loss < 4; loss++) expect(await ada.publish(proposal)).toEqual({ kind: "outdated" });
    await expect(ada.publish(proposal)).rejects.toMatchObject({
      code: "BUSY",
      hint: expect.stringContaining("lock"),
    });

    expect(await janitor(repos.hub, new Date())).toEqual([]);
    utimesSync(lock, 0, 0);
    expect(await janitor(repos.hub, new Date())).toEqual([lock]);
    expect(existsSync(lock)).toBe(false);
    expect(await ada.publish(proposal)).toMatchObject({ kind: "accepted" });
  });
});

/** One publish over HTTP whose push meets this trouble, and whether it landed all the same. */
async function publishWith(trouble: Trouble) {
  await using repos = await Repos.make();
  await using host = await startGitHttp(repos.folder);
  const remote = `${host.address}/hub.git`;
  const ada = await repos.open("ada", {
    remote,
    deadlineSeconds: { push: trouble.kind === "hang" ? 1 : 60 },
  });
  const parent = await ada.fetch();
  host.trouble = ({ method, url }) =>
    method === "POST" && url.includes("receive-pack") ? trouble : undefined;
  const receipt = await ada.publish(note(parent, "mine"));
  const found = await (await ada.fetch()).read("NOTE.md");
  return { receipt, landed: found === "mine", address: host.address };
}

async function hook(hub: string, name: string, script: string): Promise<void> {
  await mkdir(join(hub, "hooks"), { recursive: true });
  await writeFile(join(hub, "hooks", name), `#!/bin/sh\n${script}\n`);
  await chmod(join(hub, "hooks", name), 0o755);
}

function note(parent: Snapshot, text: string): Proposal {
  return { parent, message: "a note\n", files: new Map([["NOTE.md", text]]) };
}
