import { describe, expect, test } from "vitest";

import { askedOf } from "../../../src/cli/provision/asked.ts";
import type { Options } from "../../../src/cli/provision/options.ts";
import { targetFor } from "../../../src/cli/provision/target-for.ts";
import { Fault } from "../../../src/fault.ts";
import type { Target } from "../../../provision/wanted.ts";

const newYork: Target = {
  kind: "cloud",
  provider: "digitalocean",
  region: "nyc3",
  size: "s-1vcpu-2gb",
  image: "ubuntu-24-04-x64",
};

const attic: Target = { kind: "host", user: "root", address: "attic.example.org", port: 22 };
const nuremberg: Target = {
  kind: "cloud",
  provider: "hetzner",
  region: "nbg1",
  size: "cx33",
  image: "debian-13",
};

function refusal(options: Options, name = "pawl-worker-1"): Fault {
  try {
    askedOf(name, options);
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error("it was taken");
}

describe("what is asked of provision-worker", () => {
  test("is, without a word, a small droplet with Ubuntu in New York", () => {
    expect(askedOf("pawl-worker-1", {})).toMatchObject({
      name: "pawl-worker-1",
      verb: "provision",
      onlyPlan: false,
      start: false,
      yes: { said: false },
    });
    expect(targetFor(askedOf("pawl-worker-1", {}).where, undefined)).toEqual(newYork);
  });

  test("has the usual values of the provider that was named", () => {
    const { where } = askedOf("w", { provider: "hetzner", size: "cx33" });
    expect(targetFor(where, undefined)).toEqual({ ...nuremberg, image: "ubuntu-24.04" });
  });

  test.each<[options: Options, known: Target | undefined, is: Target]>([
    [{}, attic, attic],
    [{}, nuremberg, nuremberg],
    [{ size: "cx43" }, nuremberg, { ...nuremberg, size: "cx43" }],
    [{ provider: "digitalocean" }, nuremberg, newYork],
    [{ region: "nyc3" }, attic, newYork],
    [{ host: "root@attic.example.org" }, nuremberg, attic],
  ])("is, of %j and what is known, what was said", (options, known, is) => {
    expect(targetFor(askedOf("w", options).where, known)).toEqual(is);
  });

  test.each([
    ["203.0.113.7", { user: "root", address: "203.0.113.7", port: 22 }],
    ["admin@box.example.org:2222", { user: "admin", address: "box.example.org", port: 2222 }],
    ["root@[2001:db8::7]:22", { user: "root", address: "2001:db8::7", port: 22 }],
    ["box", { user: "root", address: "box", port: 22 }],
  ])("is the machine %s", (host, target) => {
    expect(askedOf("w", { host }).where).toEqual({ kind: "host", ...target });
  });

  test.each([
    "",
    "-oProxyCommand=touch /tmp/x",
    "root@-oProxyCommand=x",
    "root@box;reboot",
    "$(reboot)@box",
    "root@box:0",
    "root@box:70000",
    "root@a@b",
    "a b",
    "root@[::1",
    "box\nroot@other",
  ])("is never the machine %j", (host) => {
    expect(refusal({ host })).toMatchObject({ code: "USAGE" });
  });

  test.each(["", "Worker", "-rf", "a b", "a;reboot", "../x", "w".repeat(41), "wörker", "w-", "1st", "a\n"])(
    "is never a worker named %j",
    (name) => {
      expect(refusal({}, name).message).toMatch(/is no name for a worker/);
    },
  );

  test.each<Options>([{ size: "--help" }, { region: "nyc3&x=1" }, { image: "a b" }, { size: "" }])(
    "is never the server %j",
    (options) => {
      expect(refusal(options).code).toBe("USAGE");
    },
  );

  test.each([
    ["198.51.100.7", "198.51.100.7/32"],
    ["198.51.100.0/24", "198.51.100.0/24"],
    ["2001:db8::/32", "2001:db8::/32"],
  ])("lets %s reach ssh", (range, cidr) => {
    expect(askedOf("w", { sshFrom: [range] }).sshFrom).toEqual([cidr]);
  });

  test.each(["everybody", "198.51.100.7/33", "198.51.100", "::/129", "0.0.0.0/0;x"])(
    "lets nobody from %s reach ssh",
    (range) => {
      expect(refusal({ sshFrom: [range] }).message).toContain("is no range");
    },
  );

  test("names credentials and where they come from", () => {
    expect(askedOf("w", { credential: ["OPENAI_API_KEY", "KEY=@/run/key"] }).credentials).toEqual([
      { name: "OPENAI_API_KEY", from: "env" },
      { name: "KEY", from: "file", path: "/run/key" },
    ]);
  });

  test("never repeats a secret that somebody put on the command line", () => {
    const { message, hint } = refusal({ credential: ["OPENAI_API_KEY=sk-secret"] });
    expect(`${message} ${hint}`).not.toContain("sk-secret");
  });

  test.each<[options: Options, says: string]>([
    [{ upgrade: true, rollback: true }, "--upgrade and --rollback at once"],
    [{ yes: "builder-2" }, '--yes "builder-2" is not the name of the worker, pawl-worker-1'],
    [{ destroy: true, start: true }, "--start does not go with --destroy"],
    [{ host: "box", size: "s-1vcpu-2gb" }, "--size does not go with --host"],
    [{ hostKey: `SHA256:${"a".repeat(43)}` }, "--host-key does not go without --host"],
    [{ host: "box", hostKey: "aa:bb" }, "is no fingerprint"],
  ])("is not %j", (options, says) => {
    expect(refusal(options).message).toContain(says);
  });

  test("takes the fingerprint as ssh-keygen prints it", () => {
    const digest = "n".repeat(43);
    expect(askedOf("w", { host: "box", hostKey: `SHA256:${digest}=` }).hostKey).toBe(`SHA256:${digest}`);
  });

  test("knows a yes from a yes to a name", () => {
    expect(askedOf("w", { yes: true }).yes).toEqual({ said: true, name: undefined });
    expect(askedOf("w", { yes: "w", destroy: true }).yes).toEqual({ said: true, name: "w" });
  });
});
