/** Where the worker is to live. */
export type Target =
  | { kind: "cloud"; provider: "digitalocean" | "hetzner"; region: string; size: string; image: string }
  | { kind: "host"; user: string; address: string; port: number };

/** A download that is checked against what our release says of it. */
export type Pinned = { version: string; url: string; sha256: string };

export type Versions = {
  /** By the machine's architecture, as `uname -m` names it. */
  node: { version: string; downloads: Record<"x86_64" | "aarch64", Pinned> };
  /** Nothing: no OpenClaw is installed. */
  openclaw?: string;
  pawl: string;
};

export type Repository = {
  /** As git on the worker reaches it, over ssh. */
  remote: string;
  branch?: string;
  /** "api": its host registers deploy keys; "hands": a person does, and we say what and where. */
  keys: "api" | "hands";
  /** Lines for known_hosts of the host that git reaches, where no API tells them. */
  knownHosts?: readonly string[];
};

/** All that a run of `provision-worker` is asked for; nothing in it is secret. */
export type Wanted = {
  /** Of the server and of the worker. */
  name: string;
  target: Target;
  repository: Repository;
  versions: Versions;
  /** Text of the worker's pawl.config.yaml and of its OpenClaw configuration. */
  config: string;
  openclawConfig?: string;
  /** Public key that root on the worker has to accept, `ssh-ed25519 AAAA...`. */
  ownKey: string;
  /** CIDR ranges that may reach ssh; nothing: everybody. */
  sshFrom?: readonly string[];
  /** The registry of npm packages, where it is not the public one. */
  npmRegistry?: string;
  /** Variables that only the worker gets, each a file of root's; the SHA-256 in hexadecimal tells whether it changed. */
  credentials?: readonly { name: string; sha256: string }[];
  start: boolean;
};
