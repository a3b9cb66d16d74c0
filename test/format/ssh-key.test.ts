import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  fingerprintOf,
  keyType,
  readPrivateKey,
  readPublicKey,
  sshKeyPair,
} from "../../src/format/ssh-key.ts";
import { needs } from "../support/require.ts";

describe("a key pair", () => {
  test("is the one of its seed", () => {
    const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
    const { publicKey } = sshKeyPair(seed, "RFC 8032");
    expect(readPublicKey(publicKey)?.blob.subarray(-32).toString("hex")).toBe(
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    );
  });

  describe.skipIf(!needs("ssh-keygen", "openssh-client"))(
    "in the eyes of ssh-keygen",
    { tags: ["slow"] },
    () => {
      let folder: string;
      beforeAll(() => {
        folder = mkdtempSync(join(tmpdir(), "pawl-key-"));
      });
      afterAll(() => rmSync(folder, { recursive: true, force: true }));

      test.each(["", "a", "ab", "abc", "pawl-worker-1", "a b\tc", "ä€😀"])(
        "has this comment: %j",
        (comment) => {
          const seed = Buffer.alloc(32, `seed of ${comment}`);
          const pair = sshKeyPair(seed, comment);
          const path = join(folder, "key");
          writeFileSync(path, pair.privateKey, { mode: 0o600 });
          const seen = execFileSync("ssh-keygen", ["-y", "-f", path], { encoding: "utf8" }).trim();
          expect(seen).toBe(comment === "" ? pair.publicKey : `${pair.publicKey} ${comment}`);
          writeFileSync(`${path}.pub`, pair.publicKey);
          expect(execFileSync("ssh-keygen", ["-l", "-f", `${path}.pub`], { encoding: "utf8" })).toContain(
            ` ${pair.fingerprint} `,
          );
        },
      );

      test.each([
        ["ed25519", "RFC4716"],
        ["rsa", "RFC4716"],
        ["rsa", "PEM"],
        ["ecdsa", "PEM"],
      ])("has a passphrase or not: an %s key as %s", (type, format) => {
        for (const passphrase of ["", "a passphrase"]) {
          const path = join(folder, `${type}-${format}-${passphrase.length}`);
          const words = ["-q", "-t", type, "-m", format, "-N", passphrase, "-C", "", "-f", path];
          execFileSync("ssh-keygen", words);
          const read = readPrivateKey(readFileSync(path, "utf8"));
          expect(read?.isOpen).toBe(passphrase === "");
          const half = readFileSync(`${path}.pub`, "utf8").trim();
          expect(read?.publicKey).toBe(format === "RFC4716" ? half : undefined);
        }
      });
    },
  );
});

describe("a public key", () => {
  const { publicKey, fingerprint } = sshKeyPair(Buffer.alloc(32, 7), "");

  test("is read with and without a comment", () => {
    for (const line of [publicKey, `${publicKey} me@here`, `  ${publicKey}\n`]) {
      expect(fingerprintOf(readPublicKey(line)!.blob)).toBe(fingerprint);
    }
  });

  test.each(["", "ssh-ed25519", "ssh-ed25519 %%%", "ssh-rsa AAAA", publicKey.replace("ed25519", "rsa")])(
    "is not what reads %j",
    (line) => {
      expect(readPublicKey(line)).toBeUndefined();
    },
  );

  test("of bytes that say a length they do not have is none", () => {
    expect(keyType(Buffer.from([0xff, 0xff, 0xff, 0xff, 1]))).toBe("");
    expect(keyType(Buffer.from([0, 0, 0, 9, 1]))).toBe("");
    expect(keyType(Buffer.alloc(0))).toBe("");
  });
});

describe("a private key", () => {
  const { privateKey } = sshKeyPair(Buffer.alloc(32, 7), "");

  test.each([
    "",
    "nothing",
    privateKey.replaceAll("OPENSSH ", ""),
    privateKey.slice(0, 60),
    privateKey.replace(/\n[\s\S]*\n-/, "\nAAAA\n-"),
  ])("is not what reads %j", (text) => {
    expect(readPrivateKey(text)).toBeUndefined();
  });
});
