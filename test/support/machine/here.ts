import { spawnSync } from "node:child_process";

import { needs } from "../require.ts";
import { hasCgroup2 } from "./cgroups.ts";

/**
 * Whether this host can boot machines: root with namespaces, and the tools. Root is not to be had everywhere, so its
 * absence is a line even where nothing may be skipped; a missing tool is an error there.
 */
export function machinesBootHere(): boolean {
  const hindrance = whyNot();
  if (hindrance !== undefined) {
    console.warn(`skipped: no machine can be booted here (${hindrance})`);
    return false;
  }
  return tools.every(([program, debianPackage]) => needs(program, debianPackage));
}

const tools = [
  ["systemd-nspawn", "systemd-container"],
  ["mmdebstrap", "mmdebstrap"],
  ["ip", "iproute2"],
  ["ssh-keygen", "openssh-client"],
] as const;

function whyNot(): string | undefined {
  if (process.platform !== "linux") return "this is not Linux";
  if (process.getuid?.() !== 0) return "it takes root";
  if (!hasCgroup2()) return "there is no cgroup v2";
  const namespaces = spawnSync("unshare", [
    "--mount",
    "--net",
    "--pid",
    "--fork",
    "--",
    "mount",
    "-t",
    "tmpfs",
    "x",
    "/mnt",
  ]);
  return namespaces.status === 0 ? undefined : `no namespaces: ${String(namespaces.stderr).trim()}`;
}
