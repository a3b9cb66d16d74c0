import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";

import { PlainTaskProcess } from "../../src/adapters/child-process/plain.ts";
import { modelKey } from "./fake-model.ts";
import { configuration } from "./openclaw.ts";

/** A real OpenClaw's Gateway on loopback, with an agent whose model is the fake one. */
export type Gateway = AsyncDisposable & { workspace: string; env: Record<string, string> };

type Scene = {
  /** Holds all that it needs and leaves. */
  folder: string;
  openclaw: string;
  /** Where the model is served. */
  address: string;
  /** What else is on PATH, for its agent and for the commands that it keeps running. */
  bin: string;
};

export async function startGateway({ folder, openclaw, address, bin }: Scene): Promise<Gateway> {
  const workspace = join(folder, "workspace");
  const config = join(folder, "openclaw.json");
  mkdirSync(workspace, { recursive: true });
  const port = await freePort();
  const lean = configuration(address);
  // Beats of its own would be calls that nobody asked for; with a target a beat needs somebody to talk to.
  const defaults = { ...lean.agents.defaults, workspace, heartbeat: { every: "24h", target: "none" } };
  const gateway = { mode: "local", port, bind: "loopback", auth: { mode: "none" } };
  writeFileSync(config, JSON.stringify({ ...lean, gateway, agents: { defaults } }));
  const owner = `test-${randomBytes(6).toString("hex")}`;
  const env = {
    PATH: [bin, dirname(process.execPath), openclaw, process.env["PATH"]].join(delimiter),
    HOME: folder,
    TMPDIR: folder,
    OPENCLAW_STATE_DIR: join(folder, "openclaw"),
    OPENCLAW_CONFIG_PATH: config,
    FAKE_MODEL_KEY: modelKey,
    NO_COLOR: "1",
  };
  const stop = async () => void (await new PlainTaskProcess(owner).sweep());
  const start = () =>
    isReady(
      spawn("openclaw", ["gateway", "run"], {
        cwd: folder,
        env: { ...env, PAWL_ATTEMPT: `${owner}/gateway` },
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  for (let attempt = 1; ; attempt++) {
    try {
      await start();
      return { workspace, env, [Symbol.asyncDispose]: stop };
    } catch (error) {
      await stop();
      // On a busy machine it gives up on itself after five seconds, and leaves it to its service to start it again.
      if (attempt === 5 || !/did not become ready/.test((error as Error).message)) throw error;
    }
  }
}

/** Whatever it says is read, so that it never waits for us. */
function isReady(program: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      if (/\[gateway\] ready$/m.test(said)) resolve();
    };
    program.stdout?.on("data", hear);
    program.stderr?.on("data", hear);
    program.once("error", reject);
    program.once("exit", () => reject(new Error(`the Gateway ended:\n${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const place = server.address();
  server.close();
  await once(server, "close");
  return typeof place === "object" && place !== null ? place.port : 0;
}
