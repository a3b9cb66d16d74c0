import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { availableParallelism, homedir, hostname, totalmem, userInfo } from "node:os";
import { join } from "node:path";

import { realClock } from "./adapters/time/real-clock.ts";
import { inputOf, screenOf } from "./wire/screens.ts";
import type { World } from "./wire/world.ts";

/**
 * The world as it is: the only place, with the folder beside it, where adapters are made. Each is loaded when a command
 * first asks for it, so that the others start fast.
 */
export function realWorld(): World {
  return {
    out: screenOf(process.stdout),
    err: screenOf(process.stderr),
    input: inputOf(process.stdin),
    around: {
      cwd: process.cwd(),
      home: homedir(),
      hostname: hostname(),
      machine: machine(),
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      env: process.env,
    },
    user: userName(),
    version,
    clock: realClock,
    chance: Math.random,
    exit: (code) => process.exit(code),
    onSignal(name, heard) {
      process.on(name, heard);
      return { [Symbol.dispose]: () => void process.off(name, heard) };
    },
    openLedger: async (config) => (await import("./wire/open-ledger.ts")).openLedger(config),
    async spool(config, name) {
      const { JsonSpool } = await import("./adapters/files/json-spool.ts");
      return new JsonSpool(join(config.state, "cli", `${name}.json`));
    },
    watchWake: async (config, wake) => (await import("./wire/wake.ts")).watchWake(config, wake),
    poke: async (config) => (await import("./wire/wake.ts")).poke(config),
    acceptHistory: async (config, head) =>
      (await import("./wire/accept-history.ts")).acceptHistory(config, head),
    serve: async (role, serving) => (await import("./wire/serve.ts")).serve(role, serving),
    makeHub: async (folder) => (await import("./adapters/git/hub.ts")).makeHub(folder),
    seed: async (seeding) => (await import("./wire/seed.ts")).seed(seeding),
    probe: async () => (await import("./wire/probe.ts")).gitProbe,
    machineReports: async (config) => (await import("./wire/machine-report.ts")).machineReports(config),
    routing: async (config) => (await import("./wire/routing-files.ts")).routingDesk(config),
    serveMcp: async (tools) => (await import("./adapters/mcp/serve-mcp.ts")).serveMcp(tools, version()),
    openclaw(profile) {
      const { env } = this.around;
      return {
        async run(args) {
          const { openclawProgram } = await import("./adapters/openclaw/openclaw-program.ts");
          return openclawProgram(profile, env).run(args);
        },
      };
    },
    async schedulePauses(config) {
      const { scheduleSpools } = await import("./wire/schedule-spools.ts");
      const { nodeFolder } = await import("./wire/node-folder.ts");
      return scheduleSpools(nodeFolder(config, "main")).pauses;
    },
    async channels(config) {
      const { openChannels } = await import("./wire/channels.ts");
      return openChannels(config, { around: this.around, screen: this.out });
    },
    async setUpGuild(config) {
      const { setUpGuild } = await import("./wire/channels.ts");
      return setUpGuild(config, this.around);
    },
    pastPrompt: async (config, id) => (await import("./wire/past-prompt.ts")).pastPrompt(config, id),
    async timetable() {
      const { timetable } = await import("./adapters/timetable/timetable.ts");
      return timetable({ user: this.user, env: this.around.env }).read();
    },
    async provisioning(config) {
      const { provisioning, workersFolder } = await import("./wire/provisioning.ts");
      const { around, clock, chance } = this;
      const folder = workersFolder(config, around);
      return provisioning({
        folder,
        around,
        clock,
        chance,
        version: version(),
        knownHostsFile: config?.ssh.knownHosts,
      });
    },
  };
}

/** A container or a unit may have less memory than the machine; without a limit a very large number is answered. */
function machine(): { memoryBytes: number; cores: number } {
  return {
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Infinity),
    cores: availableParallelism(),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as in some containers.
    return `user-${process.getuid?.() ?? 0}`;
  }
}

/** Found by looking upwards, because the checkout and the built package have it at different heights. */
function version(): string {
  const path = findPackageJSON("..", import.meta.url);
  if (path === undefined) throw new Error("pawl has lost its package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
