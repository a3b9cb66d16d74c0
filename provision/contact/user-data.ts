import type { SshKeyPair } from "../../src/format/ssh-key.ts";

/**
 * What a new server is told at its first boot: to show this host key, so that we know it when we first come. Nothing
 * else is in it, since every process on the server can read it for ever; which is also why that key is changed at once.
 */
export function userData({ privateKey, publicKey }: SshKeyPair): string {
  const lines = privateKey.trimEnd().split("\n");
  return [
    "#cloud-config",
    "ssh_deletekeys: true",
    "ssh_genkeytypes: []",
    "ssh_keys:",
    "  ed25519_private: |",
    ...lines.map((line) => `    ${line}`),
    `  ed25519_public: ${publicKey}`,
    "",
  ].join("\n");
}
