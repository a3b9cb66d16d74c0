import { Fault } from "../../fault.ts";
import { gitFault, onlyCache, redact, type Doing } from "./faults.ts";
import type { GitExit } from "./run-git.ts";

export type Verdict =
  /** `landed` names the refs that are now what we pushed: the first one, and not always the others. */
  | { kind: "accepted"; landed: readonly string[] }
  | { kind: "outdated" }
  /** Refused as if somebody else were at it. When it stays so, something else is the matter: a lock left behind. */
  | { kind: "contested"; fault: Fault }
  | { kind: "refused"; fault: Fault }
  | { kind: "unknown"; why: string; fault: Fault };

type Unknown = Extract<Verdict, { kind: "unknown" }>;

/** @param specs `<oid>:<ref>`, with a plus where the ref may be replaced; the first one decides */
export async function push(
  specs: readonly string[],
  doing: Omit<Doing, "verb">,
  git: (args: string[]) => Promise<GitExit>,
): Promise<Verdict> {
  const exit = await git(["push", "--porcelain", "--no-verify", "origin", ...specs]);
  const refs = specs.map((spec) => spec.replace(/^\+?\w+:/, ""));
  return readVerdict(exit, refs, { verb: "push", ...doing });
}

/**
 * Only the flag that git prints for the ref tells whose commit is there now; the exit code does not. Without a flag, or
 * with one of a git that was ended, the push may have landed and the answer been lost.
 */
function readVerdict(exit: GitExit, refs: readonly string[], doing: Doing): Verdict {
  const fault = gitFault(doing, exit);
  const unknown: Unknown = { kind: "unknown", why: fault.message, fault };
  if (exit.code === null) return unknown;
  const { flag, summary } = saidOf(refs[0] ?? "", exit);
  switch (flag) {
    case " ":
    case "*":
    case "+":
      return { kind: "accepted", landed: refs.filter((ref) => /^[ *+]$/.test(saidOf(ref, exit).flag)) };
    case "!":
      return readRefusal(summary, exit, doing, unknown);
    case "=":
      return { ...unknown, why: "the remote has this very commit already" };
    default:
      return neverLanded(exit, fault) ? { kind: "refused", fault } : unknown;
  }
}

function saidOf(ref: string, { stdout }: GitExit): { flag: string; summary: string } {
  const [, flag = "", summary = ""] = new RegExp(`^(.)\\t[^\\t]*:${ref}\\t(.*)$`, "m").exec(stdout) ?? [];
  return { flag, summary };
}

function readRefusal(summary: string, exit: GitExit, doing: Doing, unknown: Unknown): Verdict {
  const reason = /\((.*)\)/.exec(summary)?.[1] ?? summary;
  if (/failed to report status|remote failure/.test(summary)) return unknown;
  if (
    /^\[rejected\]|is at .* but expected|incorrect old value|stale info/.test(`${summary}\n${exit.stderr}`)
  ) {
    return { kind: "outdated" };
  }
  if (/hook declined|protected|rule violations|prohibited|checked out|non-fast-forward/.test(reason)) {
    return { kind: "refused", fault: isProtected(doing, reason, exit) };
  }
  const fault = gitFault(doing, exit);
  if (/^DISK_|^PUSH_DENIED$/.test(fault.code)) return { kind: "refused", fault };
  if (/missing necessary objects/.test(reason)) return { ...unknown, fault: lacking(doing, reason) };
  return { kind: "contested", fault: busy(doing, reason, exit) };
}

/** A disk that takes nothing comes before the answer; the rest is said before git sends anything, unless it says that it began to. */
function neverLanded({ stderr }: GitExit, { code }: Fault): boolean {
  if (code === "DISK_FULL" || code === "DISK_READ_ONLY") return true;
  if (/RPC failed|hung up|unexpected disconnect|early EOF|send-pack/.test(stderr)) return false;
  return code !== "GIT_KILLED" && code !== "GIT_FAILED" && code !== "CACHE_BROKEN";
}

function isProtected(doing: Doing, reason: string, exit: GitExit): Fault {
  return new Fault(
    "BRANCH_PROTECTED",
    `${redact(doing.remote)} does not let us push: ${reason}${remarks(exit)}`,
    {
      hint: "Exempt this machine's key from the branch's rules, or keep the ledger on a branch (or in a repository) of its own.",
    },
  );
}

function busy(doing: Doing, reason: string, exit: GitExit): Fault {
  return new Fault("BUSY", `${redact(doing.remote)} keeps refusing our push: ${reason}${remarks(exit)}`, {
    hint: "On a hub of your own a killed push may have left a lock behind; the hub's janitor removes it after two minutes.",
  });
}

function lacking(doing: Doing, reason: string): Fault {
  return new Fault("CACHE_BROKEN", `${redact(doing.remote)} finds our push incomplete: ${reason}`, {
    hint: onlyCache(doing.cache),
  });
}

function remarks({ stderr }: GitExit): string {
  const lines = stderr
    .split("\n")
    .flatMap((line) => /^remote: (?:error: )?(\S.*)/.exec(line)?.[1]?.trim() ?? []);
  return lines.length > 0 ? ` (${redact(lines.slice(0, 3).join("; "))})` : "";
}
