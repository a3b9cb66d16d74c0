import { performance } from "node:perf_hooks";
import { join } from "node:path";

import { Scene, type Ended } from "../test/provision/e2e/scene.ts";
import { ask } from "../test/support/machine/commands.ts";
import type { Machine } from "../test/support/machine/machine.ts";
import { both, ratio } from "./support/figures.ts";
import type { Report } from "./support/report.ts";

const args = ["pawl-worker-1", "--yes"];

/** From nothing to a worker, and what it costs to find that all is as it should be; on a machine that really boots. */
export async function provision(rounds: number): Promise<Report> {
  await using scene = await Scene.open();
  const first = await timed(() => successful(scene.provision(args)));
  const { machine } = scene;
  await logSessions(machine);
  const floors: number[] = [];
  const seconds: number[] = [];
  let trips = { connections: 0, commands: 0 };
  for (let round = 0; round < rounds; round++) {
    floors.push((await timed(() => bareProbe(scene))).ms);
    const since = await machine.exec("date +%s.%N");
    seconds.push((await timed(() => successful(scene.provision(args)))).ms);
    trips = await sessionsSince(machine, since);
  }
  const changed = first.value.events.filter(({ event }) => event === "done").length;
  return {
    bench: "provision",
    tables: [
      {
        title: `A worker, s and ms; the second run is the median (minimum) of ${rounds}`,
        rows: [
          {
            run: "first",
            took: `${(first.ms / 1000).toFixed(1)} s`,
            steps: changed,
            "x floor": "",
            connections: "",
            commands: "",
          },
          {
            run: "second",
            took: `${both(seconds)} ms`,
            steps: 0,
            "x floor": ratio(seconds, floors),
            connections: trips.connections,
            commands: trips.commands,
          },
          {
            run: "floor",
            took: `${both(floors)} ms`,
            steps: "",
            "x floor": 1,
            connections: 1,
            commands: 1,
          },
        ],
      },
    ],
    notes: [
      "floor: OpenSSH's client connects and runs `true` on the same machine, once in each round",
      "first: Node, OpenClaw's stand-in and this package with its dependencies come from a mirror on this host; the package is packed already",
      "connections and commands as the machine's sshd counted them",
    ],
  };
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ ms: number; value: Value }> {
  const startMs = performance.now();
  const value = await work();
  return { ms: performance.now() - startMs, value };
}

async function successful(run: Promise<Ended>): Promise<Ended> {
  const ended = await run;
  if (ended.status === 0) return ended;
  throw new Error(`provision-worker ended with ${ended.status}: ${ended.stderr}`);
}

async function bareProbe({ folder, machine }: Scene): Promise<void> {
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
  const key = join(folder, "home", ".ssh", "id_ed25519");
  const before = ["-F", "none", "-i", key, ...options.flatMap((option) => ["-o", option])];
  await ask("ssh", [...before, `root@${machine.address}`, "true"]);
}

async function logSessions(machine: Machine): Promise<void> {
  await machine.exec("echo 'LogLevel VERBOSE' > /etc/ssh/sshd_config.d/01-bench.conf; systemctl reload ssh");
  await machine.answersSsh();
}

async function sessionsSince(machine: Machine, since: string) {
  const count = async (pattern: string) =>
    Number(
      await machine.exec(`journalctl -u ssh --since=@${since} --no-pager | grep -c '${pattern}' || true`),
    );
  return { connections: await count("Accepted publickey"), commands: await count("Starting session") };
}
