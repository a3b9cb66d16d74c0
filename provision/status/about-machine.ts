import { oneLine } from "../../src/format/queue-header.ts";
import type { MachineFacts } from "../facts.ts";
import { freshnessOf } from "./freshness.ts";
import { seenIn } from "./look.ts";
import type { Reason } from "./reason.ts";
import type { Seen } from "./seen.ts";

const workerUnit = "openclaw-worker.service";
const timerUnit = "pawl-heartbeat.timer";

/** Below this a task or an update may fail for want of room, in megabytes. */
const littleDisk = 1024;
const littleMemory = 100;

/** After so many seconds it is time for new keys. */
const oldKey = 365 * 86_400;

export function aboutMachine(seen: Seen): Reason[] {
  const { machine, name } = seen;
  if (machine.is === "not-asked") return [{ weight: "note", about: "ssh", says: machine.why }];
  if (machine.is === "unreachable") return [unreachable(seen, machine.code, machine.why)];
  const { facts } = machine.value;
  return [
    ...aboutBoot(facts, name),
    ...aboutService(facts, name),
    ...aboutRoom(facts, name),
    ...aboutDrift(seen),
    ...aboutKeys(machine.value, name),
  ];
}

/** As long as the beat is fresh, a machine that cannot be reached works; so this alone is no death. */
function unreachable({ name, hub }: Seen, code: string, why: string): Reason {
  const sign = seenIn(hub);
  const freshness = freshnessOf(sign?.age, sign?.sign?.beat?.every);
  const isDead = sign !== undefined && (sign.sign === undefined || freshness === "dead");
  const next =
    code === "HOST_KEY_CHANGED" || code === "HOST_KEY_UNKNOWN"
      ? `provision-worker ${name} --accept-new-host-key, if you know why it has another key`
      : code === "SSH_AUTH"
        ? `provision-worker ${name} from the machine whose key it knows`
        : `look at the machine's console on the provider's page`;
  return { weight: isDead ? "dead" : "degraded", about: "ssh", says: why, next };
}

function aboutBoot({ firstBoot, rebootPending }: MachineFacts, name: string): Reason[] {
  if (firstBoot === "error" || firstBoot === "running") {
    const says = firstBoot === "error" ? "its first boot failed" : "its first boot still runs";
    return [{ weight: "degraded", about: "machine", says, next: `provision-worker ${name}` }];
  }
  if (!rebootPending) return [];
  const says = "updates wait for a restart of the machine";
  return [{ weight: "note", about: "machine", says, next: "reboot it when it is idle" }];
}

function aboutService({ units, held }: MachineFacts, name: string): Reason[] {
  const reasons: Reason[] = [];
  const { [workerUnit]: worker, [timerUnit]: timer } = units;
  const logs = `journalctl -u ${workerUnit} there`;
  const say = (weight: Reason["weight"], says: string, next: string) =>
    reasons.push({ weight, about: "service", says, next });
  if (worker === undefined || worker.load !== "loaded") {
    say("degraded", "the worker is not installed", `provision-worker ${name}`);
  } else if (worker.active === "failed") {
    say("dead", `the worker has failed (${oneLine(worker.result, 40)})`, logs);
  } else if (worker.active === "activating" && worker.sub === "auto-restart") {
    say("degraded", "the worker ends as soon as it begins", logs);
  } else if (worker.active !== "active" && worker.active !== "activating") {
    if (held) say("degraded", "/etc/pawl/hold keeps the worker from starting", "remove that file");
    else if (worker.enabled === "enabled")
      say("dead", "the worker was stopped", `provision-worker ${name} --start`);
    else say("degraded", "the worker is installed and not started", `provision-worker ${name} --start`);
  }
  if (worker !== undefined && worker.restarts >= 3) {
    say("degraded", `the worker was restarted ${worker.restarts} times`, logs);
  }
  if (timer !== undefined && timer.load === "loaded" && timer.active !== "active") {
    say("degraded", "the heartbeat's timer does not run", `provision-worker ${name}`);
  }
  return reasons;
}

function aboutRoom({ diskFreeMb, memoryFreeMb, swapMb }: MachineFacts, name: string): Reason[] {
  const reasons: Reason[] = [];
  if (diskFreeMb < littleDisk) {
    const says = `${Math.round(diskFreeMb)} MB of disk are free`;
    reasons.push({ weight: "degraded", about: "machine", says, next: "make room on its disk" });
  }
  if (memoryFreeMb < littleMemory) {
    const says = `${Math.round(memoryFreeMb)} MB of memory are free${swapMb === 0 ? ", and there is no swap" : ""}`;
    const next = swapMb === 0 ? `provision-worker ${name}` : "see what runs there, or take a larger size";
    reasons.push({ weight: "degraded", about: "machine", says, next });
  }
  return reasons;
}

function aboutDrift({ drift, name }: Seen): Reason[] {
  const [first] = drift;
  if (first === undefined) return [];
  const says =
    drift.length === 1 ? `1 step differs: ${first}` : `${drift.length} steps differ: ${drift.join("; ")}`;
  return [
    { weight: "degraded", about: "drift", says: oneLine(says, 300), next: `provision-worker ${name} --plan` },
  ];
}

function aboutKeys(
  { facts: { deployKey, hostKeyMadeAt }, lines }: { facts: MachineFacts; lines: { nowMs: number } },
  name: string,
): Reason[] {
  const made = { "deploy key": deployKey?.madeAt, "host key": hostKeyMadeAt };
  const old = Object.entries(made).flatMap(([key, at]) =>
    at !== undefined && lines.nowMs / 1000 - at > oldKey ? [key] : [],
  );
  if (old.length === 0) return [];
  const says = `its ${old.join(" and ")} ${old.length === 1 ? "is" : "are"} older than a year`;
  return [{ weight: "note", about: "keys", says, next: `provision-worker ${name} --rotate keys` }];
}
