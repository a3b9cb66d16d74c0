import { existsSync } from "node:fs";
import { join } from "node:path";

import { leaseFallsShortOfAny, paceAt } from "../../config/pace.ts";
import { folderOf } from "../../config/profile.ts";
import type { Config } from "../../config/settle.ts";
import { goesOnByItself, type Beat } from "../../core/beat.ts";
import { durationText } from "../../core/duration.ts";
import { troubleOf } from "../../core/event.ts";
import type { NodeName } from "../../core/ids.ts";
import { paceFor } from "../../core/pace.ts";
import { Fault } from "../../fault.ts";
import { parseBeat } from "../../format/beat.ts";
import { protocolVersion, readProtocolVersion } from "../../format/protocol-version.ts";
import { oneLine } from "../../format/queue-header.ts";
import { readLedger, type Ledger } from "../../ledger/view.ts";
import type { Probe } from "../../wire/probe.ts";
import type { Cli } from "../cli.ts";
import { bad, ok, warn, type Finding } from "./finding.ts";

/** A hub on this machine can be asked what it refuses; a host cannot without an account. */
export async function checkHub({ remote, profile, branch }: Config, probe: Probe): Promise<Finding[]> {
  if (profile === "hosted") {
    const todo = `In the host's settings, forbid force pushes to ${branch} and its deletion.`;
    return [warn("protection", `whether ${branch} is protected cannot be asked without an account`, todo)];
  }
  const hub = folderOf(remote);
  if (hub === undefined || !existsSync(join(hub, "HEAD"))) return [];
  const { force, deletes } = await probe.hubRefuses(hub);
  if (force && deletes) return [ok("protection", "the hub refuses force pushes and deletions")];
  return [
    warn(
      "protection",
      "the hub lets history be overwritten",
      `Run \`pawl hub init ${hub}\`; it corrects the settings.`,
    ),
  ];
}

/** What nodes of this machine wait for, which they cannot write into the branch themselves. */
export async function checkHistory(config: Config, probe: Probe): Promise<Finding[]> {
  return (await probe.forkedNodes(config)).map(({ node, why }) =>
    bad(
      "history",
      `${node} stands still, history was replaced: ${why}`,
      "Look what is lost (`pawl audit`), then `pawl accept-history` if it is to stay so.",
    ),
  );
}

export type Reached = {
  findings: Finding[];
  ledger?: { queue: Ledger["queue"]; protocol: string | undefined };
  beats: Map<NodeName, Beat | undefined>;
};

/** Looks, fetches, and asks for the right to push. */
export async function checkRemote(cli: Cli, config: Config, probe: Probe): Promise<Reached> {
  const findings: Finding[] = [];
  const beats: Reached["beats"] = new Map();
  try {
    await using open = await cli.world.openLedger(config);
    const beganMs = cli.world.clock.monotonicMs();
    const sight = await open.repo.look();
    const took = Math.round(cli.world.clock.monotonicMs() - beganMs);
    if (sight.head === undefined) {
      const todo = "Run `pawl init <folder> --remote <address>` to begin it, or correct `branch`.";
      return { findings: [bad("remote", `it has no branch ${config.branch}`, todo)], beats };
    }
    findings.push(ok("remote", `reached in ${took} ms, ${config.branch} is at ${sight.head.slice(0, 10)}`));
    const { queue, snapshot } = await readLedger(await open.repo.fetch());
    const protocol = await snapshot.read("PROTOCOL.md");
    for (const [worker, commit] of sight.beats) {
      beats.set(worker, parseBeat((await open.repo.readBeat(worker, commit)) ?? ""));
    }
    await probe.push(config, open.cache);
    findings.push(ok("push", "allowed (asked without pushing)"));
    return { findings, ledger: { queue, protocol }, beats };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const about = findings.length === 0 ? "remote" : "push";
    return { findings: [...findings, bad(about, `${error.message} [${error.code}]`, error.hint)], beats };
  }
}

export function checkLedger(config: Config, { ledger, beats }: Reached): Finding[] {
  if (!ledger) return [];
  const { protocol, queue } = ledger;
  const findings: Finding[] = [templateFinding(protocol)];
  for (const { line, reason } of queue.bad) {
    findings.push(
      warn("queue", `QUEUE.md line ${line}: ${reason}`, "Mend that section by hand; the others go on."),
    );
  }
  return [...findings, ...troubleFindings(beats), ...executorFindings(beats), ...paceFindings(config, beats)];
}

function templateFinding(protocol: string | undefined): Finding {
  if (protocol === undefined) {
    const todo = "Run `pawl init` on a clone of it; it adds what is missing.";
    return warn("template", "the repository has no PROTOCOL.md", todo);
  }
  const version = readProtocolVersion(protocol);
  const spoken = `this pawl speaks version ${protocolVersion}`;
  if (version === protocolVersion) return ok("template", `protocol version ${version}`);
  if (version === undefined) {
    const todo = "Take PROTOCOL.md as the template of this pawl has it.";
    return warn("template", `PROTOCOL.md names no version; ${spoken}`, todo);
  }
  const todo =
    version > protocolVersion
      ? "Update pawl on this machine."
      : "Update pawl on all machines, then take PROTOCOL.md as its template has it.";
  return warn("template", `PROTOCOL.md is of version ${version}; ${spoken}`, todo);
}

function troubleFindings(beats: Reached["beats"]): Finding[] {
  return Array.from(beats).flatMap(([worker, beat]) =>
    beat?.trouble === undefined || beat.state === "stopped"
      ? []
      : bad("worker", `${worker} stands still (${beat.host})`, `Its trouble: ${troubleOf(beat.trouble)}.`),
  );
}

/** What a spent budget closes is not among them: `worker-status` has that. */
function executorFindings(beats: Reached["beats"]): Finding[] {
  return Array.from(beats).flatMap(([worker, beat]) => {
    if (!beat || beat.state === "stopped") return [];
    return Object.entries(beat.unhealthy).flatMap(([executor, why]) => {
      const seconds = beat.resting?.[executor];
      if (seconds === undefined) {
        const says = `${worker} cannot run ${executor}: ${oneLine(why)}`;
        return goesOnByItself(executor, beat)
          ? []
          : warn("worker", says, "Mend that and restart the worker.");
      }
      const next = seconds === 0 ? "one task at a time tries it" : `next try in ${durationText(seconds)}`;
      const says = `${executor} rests on ${worker}, ${next}: ${oneLine(why)}`;
      return warn("worker", says, "It goes on by itself when the provider does.");
    });
  });
}

/** Workers say how often they beat; main's patience has to fit. */
function paceFindings(config: Config, beats: Reached["beats"]): Finding[] {
  const living = Array.from(beats).filter(([, beat]) => beat && beat.state !== "stopped");
  const pace = paceFor(config.pace, { shown: beats.size, living: living.length });
  const isSlow = (beat: Beat | undefined) =>
    beat !== undefined &&
    leaseFallsShortOfAny({ ...paceAt(beat.every, config.profile), lease: pace.lease }) !== undefined;
  const slow = living.filter(([, beat]) => isSlow(beat));
  const findings = slow.map(([worker, beat]) =>
    bad(
      "lease",
      `${worker} beats each ${durationText(beat?.every ?? 0)}, but a lease is lost after ${durationText(pace.lease)}`,
      `Give this machine, which goes by ${config.profile}, and the worker the same profile and beat: until then its tasks may run twice.`,
    ),
  );
  if (slow.length === 0) {
    const who =
      living.length === 0
        ? "no worker has been seen yet"
        : `workers: ${living.map(([name]) => name).join(", ")}`;
    findings.push(
      ok("lease", `a beat each ${durationText(pace.beat)}, lost after ${durationText(pace.lease)}; ${who}`),
    );
  }
  return findings;
}
