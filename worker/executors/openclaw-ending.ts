import type { Ending, Facts } from "../../src/core/outcome.ts";
import type { Observation } from "./executor.ts";
import { type Envelope, envelopeFacts, type Reading, readEnvelope } from "./openclaw-envelope.ts";
import { type Blame, blameFor, isNetworkTrouble, modelErrorsIn, waitsFor } from "./openclaw-messages.ts";
import { exitFacts, exitWhy, killedBy, timedOut, withStderr } from "./program-ending.ts";

/** Its own time limit begins after start-up, which on a busy machine takes most of a minute. */
export const startUpSeconds = 60;

/** What came of one run of `openclaw agent exec`. */
export function openclawEnding(seen: Observation): Ending {
  if (seen.exit.kind === "not-started") return { kind: "misconfigured", why: seen.exit.why };
  const reading = readEnvelope(seen.stdout);
  const envelope = reading.kind === "envelope" ? reading.envelope : undefined;
  const facts = { ...exitFacts(seen.exit), ...(envelope && envelopeFacts(envelope)) };
  const ending = seen.timedOut ? cutOff(seen, envelope?.final ?? "", facts) : endingOf(reading, seen, facts);
  return withCost(ending, facts);
}

/** Money is gone too where nothing came of it. */
function withCost(ending: Ending, facts: Facts): Ending {
  const isSilent = ending.kind === "transient" || ending.kind === "misconfigured";
  return isSilent && facts["cost-usd"] ? { ...ending, facts } : ending;
}

function endingOf(reading: Reading, seen: Observation, facts: Facts): Ending {
  switch (reading.kind) {
    case "nothing":
      return silent(seen, facts);
    case "unreadable":
      return saved(seen, facts) ?? failed("OpenClaw's answer is not the document it promises", seen, facts);
    case "cli-error":
      return { kind: "misconfigured", why: `OpenClaw refused its command line: ${reading.message}` };
    case "envelope":
      return reading.envelope.ok
        ? answered(reading.envelope, seen, facts)
        : refused(reading.envelope, seen, facts);
    default:
      return reading satisfies never;
  }
}

/** It tries a model that is out of reach for minutes on end; a task of less time is over before it says so. */
function cutOff(seen: Observation, final: string, facts: Facts): Ending {
  const trouble = waitsFor(seen.stderrTail);
  return trouble === undefined
    ? timedOut(seen, seen.result ?? final, facts)
    : { kind: "transient", why: `when its time was up it was waiting to ask its model again: ${trouble}` };
}

function answered({ final }: Envelope, seen: Observation, facts: Facts): Ending {
  const text = seen.result ?? final.trim();
  if (text === "") return failed("OpenClaw ended without an answer", seen, facts);
  return { kind: "succeeded", text, facts };
}

function refused(envelope: Envelope, given: Observation, facts: Facts): Ending {
  const message = messageOf(envelope);
  const kind = envelope.error?.kind;
  if (/agent exec cleanup failed/i.test(message)) {
    return given.result === undefined
      ? failed(`its answer was lost, because it left something running: ${message}`, given, facts)
      : { kind: "succeeded", text: given.result, facts: { ...facts, cleanup: "failed" } };
  }
  const seen = { ...given, result: given.result ?? (envelope.final || undefined) };
  if (envelope.status === "timeout" || kind === "timeout") {
    if (isNetworkTrouble(message) || isNetworkTrouble(modelErrorsIn(seen.stderrTail))) {
      return { kind: "transient", why: message };
    }
    return timedOutByItself(seen, facts);
  }
  if (kind === "error_payload" && /embedded run timeout/i.test(seen.stderrTail)) {
    return timedOutByItself(seen, facts);
  }
  if (kind === "aborted") return endedFromOutside(seen, facts) ?? failed(message, seen, facts);
  // The words of a tool that failed are the task's business, whatever they sound like.
  const isAboutTool = kind === "error_payload" && !/request failed|LLM|agent run failed/i.test(message);
  const blame = isAboutTool ? undefined : blameFor(message);
  return blamed(blame, message, seen, facts);
}

function timedOutByItself(seen: Observation, facts: Facts): Ending {
  const deadlineSeconds = seen.deadlineSeconds - startUpSeconds;
  return timedOut({ ...seen, deadlineSeconds }, seen.result ?? "", facts);
}

function blamed(blame: Blame | undefined, why: string, seen: Observation, facts: Facts): Ending {
  switch (blame) {
    case "passing":
      return { kind: "transient", why };
    case "worker":
      return { kind: "misconfigured", why };
    case "choice": {
      const { model, thinking } = seen.request;
      const isTheTasks = model !== undefined || thinking !== undefined;
      return isTheTasks ? failed(why, seen, facts) : { kind: "misconfigured", why };
    }
    case undefined:
      return failed(why, seen, facts);
    default:
      return blame satisfies never;
  }
}

/** Killed, or refused before it could speak. */
function silent(seen: Observation, facts: Facts): Ending {
  const stopped = endedFromOutside(seen, facts) ?? saved(seen, facts);
  if (stopped) return stopped;
  const code = seen.exit.kind === "exited" ? seen.exit.code : 0;
  const why = `OpenClaw said nothing; ${exitWhy(code, seen)}`;
  return blamed(blameFor(seen.stderrTail) === "worker" ? "worker" : undefined, why, seen, facts);
}

/** A polite signal comes from whoever tends the machine; SIGKILL mostly from the kernel, and would come again. */
function endedFromOutside(seen: Observation, facts: Facts): Ending | undefined {
  const { exit } = seen;
  const signal = exit.kind === "signalled" ? exit.signal : exit.kind === "exited" && signalBy[exit.code];
  if (!signal) return undefined;
  const isPolite = ["SIGTERM", "SIGINT", "SIGHUP"].includes(signal);
  return isPolite ? { kind: "transient", why: killedBy(signal) } : failed(killedBy(signal), seen, facts);
}

const signalBy: Readonly<Record<number, string>> = {
  129: "SIGHUP",
  130: "SIGINT",
  134: "SIGABRT",
  137: "SIGKILL",
  139: "SIGSEGV",
  143: "SIGTERM",
};

/** Exit code 0 and a written result: the answer is there, only what was said about it is not. */
function saved({ exit, result }: Observation, facts: Facts): Ending | undefined {
  if (exit.kind !== "exited" || exit.code !== 0 || result === undefined) return undefined;
  return { kind: "succeeded", text: result, facts: { ...facts, envelope: "unreadable" } };
}

function failed(why: string, seen: Observation, facts: Facts): Ending {
  return { kind: "failed", why, text: withStderr(seen.result ?? "", seen), facts };
}

function messageOf({ error, payloads }: Envelope): string {
  const fromPayload = payloads.find(({ isError }) => isError)?.text;
  return (error?.message || fromPayload || "OpenClaw failed and did not say why").trim();
}
