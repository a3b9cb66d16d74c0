import { durationText } from "../../src/core/duration.ts";
import type { Ending, Facts } from "../../src/core/outcome.ts";
import type { Exit } from "../../src/ports/task-process.ts";
import type { Observation } from "./executor.ts";

/** What an exit code and an output mean when nothing more is known about the program. */
export function programEnding(seen: Observation, answerIn: "stdout" | "file" | "either"): Ending {
  const { exit, stdout, result } = seen;
  const output = withoutProgress(stdout).trim();
  const text = (answerIn === "stdout" ? output : (result ?? output)) || "";
  const facts = exitFacts(exit);
  if (exit.kind === "not-started") return { kind: "misconfigured", why: exit.why };
  if (seen.timedOut) return timedOut(seen, text, facts);
  if (exit.kind === "signalled") {
    return { kind: "failed", why: killedBy(exit.signal), text: withStderr(text, seen), facts };
  }
  if (exit.code !== 0) {
    return { kind: "failed", why: exitWhy(exit.code, seen), text: withStderr(text, seen), facts };
  }
  if (answerIn === "file" && result === undefined) {
    return { kind: "failed", why: "it wrote no RESULT.md", text: withStderr(output, seen), facts };
  }
  return { kind: "succeeded", text, facts };
}

/** Progress was news while the program ran; afterwards it is noise. */
export function withoutProgress(stdout: string): string {
  return stdout.replace(/^::progress .*(?:\n|$)/gm, "");
}

export function timedOut(seen: Observation, text: string, facts: Facts): Ending {
  const why = `it was not done after ${durationText(seen.deadlineSeconds)}`;
  return { kind: "timed-out", why, text: withStderr(text, seen), facts };
}

export function killedBy(signal: string): string {
  const memory = signal === "SIGKILL" ? "; often that means that memory ran out" : "";
  return `it was ended by ${signal}, which the worker did not send${memory}`;
}

export function exitWhy(code: number, { stderrTail }: Observation): string {
  const lastWords = lastLine(stderrTail);
  return `it ended with exit code ${code}${lastWords && `: ${lastWords}`}`;
}

export function exitFacts(exit: Exit): Facts {
  switch (exit.kind) {
    case "exited":
      return { exit: exit.code };
    case "signalled":
      return { exit: exit.signal };
    case "not-started":
      return {};
    default:
      return exit satisfies never;
  }
}

/** The text, and what the program complained about last, for whoever wants to know why it failed. */
export function withStderr(text: string, { stderrTail }: Observation): string {
  const complaint = stderrTail.trim();
  if (complaint === "") return text;
  const fence = "`".repeat(Math.max(3, longestRun(complaint) + 1));
  return [text, `Last on standard error:\n\n${fence}\n${complaint}\n${fence}`].filter(Boolean).join("\n\n");
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").trim().slice(0, 300);
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
