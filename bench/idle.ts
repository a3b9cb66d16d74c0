import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Repos } from "../test/support/repos.ts";
import { startGitHttp } from "../test/support/git-http.ts";
import { queueText } from "../test/support/ledgers.ts";
import { median, round } from "./support/figures.ts";
import type { Report, Row } from "./support/report.ts";

/**
 * What a worker costs that polls an idle hub each 5 s: the daemon in a process of its own, as it is installed.
 *
 * @param settlingMs starting, and giving back what it took, is not idling
 */
export async function idle(seconds: number, settlingMs: number): Promise<Report> {
  const built = resolve(import.meta.dirname, "../dist/bin/pawl.js");
  const checkout = resolve(import.meta.dirname, "../bin/pawl.ts");
  const rows: Row[] = [];
  for (const over of ["file", "http"] as const) {
    if (existsSync(built)) rows.push(await watched(over, built, { seconds, settlingMs }));
    rows.push(await watched(over, checkout, { seconds, settlingMs }));
  }
  return {
    bench: "idle",
    tables: [
      { title: `A worker at a poll of 5 s, ${seconds} s`, rows },
      { title: "Beside it", rows: [await bareNode()] },
    ],
    notes: [
      ...(existsSync(built) ? [] : ["there is no built package in dist/: `npm run build` first"]),
      "CPU: the daemon and all git processes that it has waited for; with a file path that includes the hub's side",
      "processes: all of git's, as git itself traces them (the tracing is in the CPU figure); bytes: through a counting relay, both ways",
      "MiB that are shared are the pages of the node binary; each further node process on the machine uses the same ones",
    ],
  };
}

async function watched(
  over: "file" | "http",
  program: string,
  { seconds, settlingMs }: { seconds: number; settlingMs: number },
): Promise<Row> {
  await using repos = await Repos.make({ "worker/QUEUE.md": queueText([]) });
  await using http = await startGitHttp(repos.folder);
  await using relay = await startRelay(Number(new URL(http.address).port));
  const trace = join(repos.folder, "trace");
  const home = join(repos.folder, "home");
  for (const folder of [trace, home]) await mkdir(folder);
  await writeFile(join(home, ".gitconfig"), `[trace2]\n\teventTarget = ${trace}\n`);
  const remote = over === "file" ? repos.hub : `http://127.0.0.1:${relay.port}/hub.git`;
  await writeFile(
    join(home, "pawl.config.yaml"),
    `remote: ${remote}\nname: idler\nprofile: own-hub\nstate: ${join(home, "state")}\npoll: 5s\n`,
  );
  const child = spawn(process.execPath, [program, "worker"], {
    cwd: home,
    env: { PATH: process.env["PATH"], HOME: home },
    stdio: "ignore",
  });
  try {
    await sleep(settlingMs);
    const pid = child.pid ?? 0;
    const before = { cpu: await cpuSeconds(pid), bytes: relay.bytes, processes: await started(trace) };
    const memory: Record<string, number>[] = [];
    for (let second = 0; second < seconds; second++) {
      await sleep(1000);
      memory.push(await memoryOf(pid));
    }
    const cpu = (await cpuSeconds(pid)) - before.cpu;
    const rss = memory.map((one) => one["Rss"] ?? 0);
    return {
      program: program.endsWith(".ts") ? "checkout" : "built package",
      over,
      "RSS MiB": mib(median(rss)),
      most: mib(Math.max(...rss)),
      "PSS MiB": mib(median(memory.map((one) => one["Pss"] ?? 0))),
      "private MiB": mib(median(memory.map((one) => one["Anonymous"] ?? 0))),
      "CPU %": round((cpu / seconds) * 100, 2),
      "KiB a minute": over === "file" ? "-" : round(((relay.bytes - before.bytes) / 1024 / seconds) * 60),
      "processes a minute": round((((await started(trace)) - before.processes) / seconds) * 60),
    };
  } finally {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  }
}

/** What a node costs that does nothing at all. */
async function bareNode(): Promise<Row> {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
  await sleep(1000);
  const memory = await memoryOf(child.pid ?? 0);
  child.kill();
  await once(child, "exit");
  return {
    program: "a node that only waits",
    "RSS MiB": mib(memory["Rss"] ?? 0),
    "PSS MiB": mib(memory["Pss"] ?? 0),
    "private MiB": mib(memory["Anonymous"] ?? 0),
  };
}

/** KiB by kind, as the kernel counts them. */
async function memoryOf(pid: number): Promise<Record<string, number>> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  return Object.fromEntries(
    Array.from(text.matchAll(/^(\w+): +(\d+) kB$/gm), ([, kind, size]) => [kind, Number(size)]),
  );
}

/** Of the process and of all its children that have ended. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const ticks = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15);
  return ticks.reduce((sum, one) => sum + Number(one), 0) / ticksASecond;
}

const ticksASecond = Number(execFileSync("getconf", ["CLK_TCK"]).toString());

/** Git writes one file for each process. */
async function started(trace: string): Promise<number> {
  return (await readdir(trace)).length;
}

/** Hands everything on to a port of this machine, and counts the bytes of both directions. */
async function startRelay(to: number) {
  const relay = { port: 0, bytes: 0 };
  const count = (chunk: Buffer) => (relay.bytes += chunk.length);
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    near.on("data", count).on("error", () => far.destroy());
    far.on("data", count).on("error", () => near.destroy());
    near.pipe(far).pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  relay.port = typeof address === "object" && address ? address.port : 0;
  return Object.assign(relay, { [Symbol.asyncDispose]: async () => void server.close() });
}

function mib(kib: number): number {
  return round(kib / 1024);
}
