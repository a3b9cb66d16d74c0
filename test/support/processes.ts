import { readdirSync, readFileSync } from "node:fs";

/** Command lines of the running processes that mention `text`. */
export function processesNaming(text: string): string[] {
  return pids()
    .map((pid) => tell(pid, "cmdline"))
    .filter((line) => line.includes(text));
}

/** The running processes that have `variable` (NAME=value) in their environment. */
export function pidsWith(variable: string): number[] {
  return pids()
    .filter((pid) => tell(pid, "environ").split(" ").includes(variable))
    .map(Number);
}

function pids(): string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
}

/** Nothing, when the process is gone meanwhile. */
function tell(pid: string, what: "cmdline" | "environ"): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
