import { Fault } from "../src/fault.ts";
import type { Target, Versions } from "./wanted.ts";

/** As the SHASUMS256.txt of Node's release has them, which Node's releasers sign. */
const node = {
  version: "24.21.0",
  sha256: {
    x64: "fd8e59d5a511510f6a298afb548f18c7d2b1be404d8b4a27d94fbe49f56cb2d6",
    arm64: "6ad1325edbdb5649c379b75a237147a666c95d4f9ae8d340fef2d1575d289ad2",
  },
} as const;

/** `.ci/run` reads this line. */
export const openclawVersion = "2026.9.6";

/**
 * Where Node comes from. A mirror stands in for the first part of the address and for nothing else: what it sends has to
 * have the same SHA-256.
 */
export function pinnedNode(mirror = "https://nodejs.org/dist"): Versions["node"] {
  const base = checkedMirror(mirror);
  const { version, sha256 } = node;
  const download = (arch: keyof typeof sha256) => ({
    version,
    url: `${base}/v${version}/node-v${version}-linux-${arch}.tar.xz`,
    sha256: sha256[arch],
  });
  return { version, downloads: { x86_64: download("x64"), aarch64: download("arm64") } };
}

/** It becomes a word of a shell's command line on the worker, and is shown in plans. */
function checkedMirror(mirror: string): string {
  const url = URL.parse(mirror);
  const isPlain =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === "";
  if (isPlain) return url.href.replace(/\/+$/, "");
  throw new Fault("CONFIG_INVALID", "NODE_DIST_URL is no address that Node could be downloaded from", {
    hint: "It is what stands before /v24… there, such as https://mirror.example/node, without a user, a password or a question mark.",
  });
}

type Provider = Extract<Target, { kind: "cloud" }>["provider"];

/** A system that a worker can live on, as /etc/os-release names it, and its image at each provider. */
export type System = {
  id: "debian" | "ubuntu";
  version: string;
  images: Readonly<Record<Provider, string>>;
  /** It keeps ordinary users from making user namespaces, unless a profile of AppArmor lets a program. */
  restrictsNamespaces: boolean;
};

export const systems: readonly System[] = [
  system("debian", "12", "debian-12-x64", "debian-12"),
  system("debian", "13", "debian-13-x64", "debian-13"),
  system("ubuntu", "22.04", "ubuntu-22-04-x64", "ubuntu-22.04"),
  system("ubuntu", "24.04", "ubuntu-24-04-x64", "ubuntu-24.04", true),
  system("ubuntu", "26.04", "ubuntu-26-04-x64", "ubuntu-26.04", true),
];

function system(
  id: System["id"],
  version: string,
  digitalocean: string,
  hetzner: string,
  restrictsNamespaces = false,
): System {
  return { id, version, images: { digitalocean, hetzner }, restrictsNamespaces };
}

export function systemNamed({ id, version }: { id: string; version: string }): System | undefined {
  return systems.find((one) => one.id === id && one.version === version);
}
