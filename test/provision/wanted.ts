import type { Wanted } from "../../provision/wanted.ts";

/** A worker in a cloud, as most people ask for. */
export function wantedInCloud(changes: Partial<Wanted> = {}): Wanted {
  return {
    name: "pawl-worker-1",
    target: {
      kind: "cloud",
      provider: "digitalocean",
      region: "nyc3",
      size: "s-1vcpu-2gb",
      image: "ubuntu-24-04-x64",
    },
    repository: { remote: "git@github.com:aaron/coordination.git", keys: "api" },
    versions: {
      node: {
        version: "24.21.0",
        downloads: {
          x86_64: { version: "24.21.0", url: "https://mirror.example/x64.tar.xz", sha256: "a".repeat(64) },
          aarch64: { version: "24.21.0", url: "https://mirror.example/arm64.tar.xz", sha256: "b".repeat(64) },
        },
      },
      openclaw: "2026.9.6",
      pawl: "0.2.0",
    },
    config: "remote: git@github.com:aaron/coordination.git\n",
    openclawConfig: "{}\n",
    ownKey: "ssh-ed25519 AAAAC3Own",
    credentials: [{ name: "ANTHROPIC_API_KEY", sha256: "c".repeat(64) }],
    sshFrom: ["192.0.2.0/24"],
    start: true,
    ...changes,
  };
}

/** A box at home, whose repository has no API. */
export function wantedOnHost(changes: Partial<Wanted> = {}): Wanted {
  return wantedInCloud({
    target: { kind: "host", user: "root", address: "198.51.100.7", port: 2222 },
    repository: {
      remote: "git@hub.example:coordination.git",
      keys: "hands",
      knownHosts: ["hub.example ssh-ed25519 AAAAC3Hub"],
    },
    ...changes,
  });
}
