import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { BwrapTaskProcess } from "./bwrap.ts";

/** What keeps it from working here; undefined when a program ran in it and saw no process of ours. */
export async function tryBwrap(bwrap: BwrapTaskProcess): Promise<{ why: string; todo: string } | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "pawl-bwrap-"));
  const said: Buffer[] = [];
  const running = bwrap.start("probe/0", {
    argv: ["/bin/sh", "-c", canary, String(process.pid)],
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "" },
    onStdout: (chunk) => said.push(chunk),
    onStderr: () => {},
  });
  const patience = setTimeout(() => void running.stop(0), 20_000);
  const exit = await running.exit;
  clearTimeout(patience);
  rmSync(folder, { recursive: true, force: true });
  if (exit.kind === "not-started") return { why: exit.why, todo: adviceOn(exit.why) };
  const words = Buffer.concat(said).toString().trim();
  if (exit.kind === "exited" && exit.code === 0 && words === "confined") return undefined;
  return {
    why: `bwrap runs, but ${words || "it hides nothing"}`,
    todo: "See SECURITY.md for what it needs.",
  };
}

/** Few processes to be seen, a place to write, and no other. */
const canary = `
[ "$(ls /proc | grep -c '^[0-9]')" -lt 10 ] || { echo 'other processes can be seen'; exit 1; }
touch ./canary 2>&1 || exit 1
touch /pawl-canary 2>/dev/null && { echo 'the root folder can be written'; exit 1; }
echo confined
`;

function adviceOn(why: string): string {
  if (why.endsWith("bwrap is not there")) return "Install it: the Debian and Ubuntu package is bubblewrap.";
  const ubuntu = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
  if (existsSync(ubuntu) && readFileSync(ubuntu, "utf8").trim() === "1") {
    return "Let AppArmor allow bwrap user namespaces: SECURITY.md has the profile.";
  }
  return "Allow the worker's user namespaces: no RestrictNamespaces= in its unit, and user.max_user_namespaces above 0.";
}
