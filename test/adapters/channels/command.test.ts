import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { commandChannel, type CommandOptions } from "../../../src/adapters/channels/command.ts";
import { aCardParcel } from "../../support/parcels.ts";

describe("a program that delivers", { tags: ["slow"] }, () => {
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "pawl-command-"));
  });

  afterEach(() => rmSync(cwd, { recursive: true }));

  function script(text: string, given: Partial<CommandOptions> = {}) {
    const env = { PATH: process.env["PATH"], SECRET_TOKEN: "s3cret-value", WANTED: "yes" };
    return commandChannel({ argv: ["sh", "-c", text], env, cwd, ...given });
  }

  test("gets the card on standard input and has sent it when it exits with 0", async () => {
    const parcel = aCardParcel();
    const sending = await script("cat > got.json").send(parcel);
    expect(sending).toEqual({ kind: "sent", place: { delivery: parcel.nonce } });
    const shown = await script("cat got.json >&2; exit 1").send(parcel);
    expect(shown).toMatchObject({ why: expect.stringContaining(parcel.message.card.title) });
  });

  test("has sent it also when it does not read its input", async () => {
    const body = "x".repeat(150_000);
    expect(await script("exit 0").send(aCardParcel({ card: { body } }))).toMatchObject({ kind: "sent" });
  });

  test("sees nothing of our environment but what it needs and what is passed", async () => {
    const shown = await script("echo [$SECRET_TOKEN] [$WANTED] [${PATH:+path}]; exit 3", {
      pass: ["WANTED"],
    }).send(aCardParcel());
    expect(shown).toMatchObject({ kind: "refused", code: "EXIT_3", why: "exited with 3: [] [yes] [path]" });
  });

  test("says why it failed, with the secrets left out and nothing that moves a cursor", async () => {
    const failing = script("printf '\\033[31mbad token s3cret-value\\n' >&2; exit 1", {
      secrets: ["s3cret-value"],
    });
    expect(await failing.send(aCardParcel())).toEqual({
      kind: "refused",
      code: "EXIT_1",
      why: "exited with 1: [31mbad token [secret]",
    });
  });

  test("may have sent it when it takes too long, and is ended with all that it started", async () => {
    const slow = script("sh -c 'trap \"\" TERM; sleep 30; touch late' & touch begun; wait", {
      timeoutMs: 1500,
    });
    expect(await slow.send(aCardParcel())).toMatchObject({ kind: "unknown", code: "TIMEOUT" });
    await sleep(50);
    const looked = await script("pgrep -f 'sleep 30; touch late' | grep -v $$ >&2; ls; exit 1").send(
      aCardParcel(),
    );
    expect(looked).toMatchObject({ why: "exited with 1: begun" });
  });

  test("may have sent it when it is killed", async () => {
    expect(await script("kill -9 $$").send(aCardParcel())).toMatchObject({
      kind: "unknown",
      code: "SIGKILL",
    });
  });

  test("is a dead end when it is not there", async () => {
    const missing = commandChannel({ argv: ["no-such-program"], env: { PATH: process.env["PATH"] }, cwd });
    expect(await missing.send(aCardParcel())).toMatchObject({
      kind: "dead",
      code: "ENOENT",
      scope: "destination",
    });
    expect(await missing.check()).toMatchObject([
      { ok: false, what: expect.stringContaining("no-such-program") },
    ]);
    expect(await script("").check()).toEqual([{ ok: true, what: "sh is there" }]);
  });
});
