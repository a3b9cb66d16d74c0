import { createHmac } from "node:crypto";

import { describe, expect, test } from "vitest";

import { knownHostKeys, knownHostLines } from "../../src/format/known-hosts.ts";
import { sshKeyPair } from "../../src/format/ssh-key.ts";

const one = sshKeyPair(Buffer.alloc(32, 1), "");
const two = sshKeyPair(Buffer.alloc(32, 2), "");

function found(text: string, address = "worker.example", port = 22): string[] {
  return knownHostKeys(text, address, port).map(({ fingerprint }) => fingerprint);
}

function hashed(name: string): string {
  const salt = Buffer.from("0123456789abcdefghij");
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}

describe("known_hosts", () => {
  test("tells the keys of an address, with their types", () => {
    const text = `# mine\n\nworker.example ${one.publicKey} a comment\nother.example ${two.publicKey}\n`;
    expect(knownHostKeys(text, "worker.example", 22)).toEqual([
      { type: "ssh-ed25519", fingerprint: one.fingerprint },
    ]);
  });

  test.each([
    ["a list of names", "a.example,worker.example,203.0.113.7"],
    ["a pattern", "*.example"],
    ["a pattern of one character", "worke?.example"],
    ["another case", "Worker.EXAMPLE"],
    ["a hash", hashed("worker.example")],
  ])("knows a host by %s", (_, hosts) => {
    expect(found(`${hosts} ${one.publicKey}\n`)).toEqual([one.fingerprint]);
  });

  test.each([
    ["another name", "worker.example.org"],
    ["a name in which a dot is any character", "workerxexample"],
    ["a pattern that excepts it", "*.example,!worker.example"],
    ["a hash of another name", hashed("other.example")],
    ["a hash of another kind", hashed("worker.example").replace("|1|", "|2|")],
    ["a hash without an end", "|1|AAAA"],
    ["the same name at another port", "[worker.example]:2222"],
  ])("does not know it by %s", (_, hosts) => {
    expect(found(`${hosts} ${one.publicKey}\n`)).toEqual([]);
  });

  test("knows a port other than 22 by its own name, hashed too", () => {
    for (const hosts of ["[worker.example]:2222", hashed("[worker.example]:2222")]) {
      expect(found(`${hosts} ${one.publicKey}\n`, "worker.example", 2222)).toEqual([one.fingerprint]);
    }
    expect(found(`worker.example ${one.publicKey}\n`, "worker.example", 2222)).toEqual([]);
  });

  test("keeps several keys of one host, without those that it revokes", () => {
    const lines = [
      `worker.example ${one.publicKey}`,
      `worker.example ${two.publicKey}`,
      `@revoked * ${one.publicKey}`,
      `@cert-authority * ${sshKeyPair(Buffer.alloc(32, 3), "").publicKey}`,
    ];
    expect(found(lines.join("\n"))).toEqual([two.fingerprint]);
  });

  test("passes over what is no key", () => {
    expect(found("worker.example\nworker.example ssh-rsa\nworker.example ssh-rsa AAAA\n* x\n\0\n")).toEqual(
      [],
    );
  });

  test("is read with the line ends of another system", () => {
    expect(found(`worker.example ${one.publicKey}\r\n`)).toEqual([one.fingerprint]);
  });

  test("tells them as lines for another machine, where a hash or a pattern would say too little or too much", () => {
    const text = `${hashed("[worker.example]:2222")} ${one.publicKey} a comment\n[*.example]:2222 ${one.publicKey}\n@revoked * ${two.publicKey}\n* ${two.publicKey}\n`;
    expect(knownHostLines(text, "worker.example", 2222)).toEqual([`[worker.example]:2222 ${one.publicKey}`]);
  });
});
