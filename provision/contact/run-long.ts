import { constants } from "node:os";

import { Fault } from "../../src/fault.ts";
import type { RemoteHost, RemoteRan } from "../../src/ports/remote-host.ts";
import { beginScript, followScript, type LongStep } from "./long-scripts.ts";

export type Long = LongStep & {
  script: string;
  input?: string | Buffer | undefined;
  onLine: (line: string) => void;
};

/** How to reach the machine again after the connection was lost; throws when that cannot be. */
export type Reach = { host: RemoteHost; again: (lost: Fault) => Promise<RemoteHost> };

/**
 * Runs a script as a unit of its own on the machine: it goes on when the connection, or we, come to an end. One that
 * runs already for this step, begun by a run that was killed, is followed to its end, and that counts if it went well;
 * else ours is run after it. Standard output and error come together, in `stdout`. As a status 124 stands for a script
 * that took too long, and 128 and a signal's number for one that was killed.
 */
export async function runLong(reach: Reach, long: Long): Promise<RemoteRan> {
  if (!/^[a-z][a-z0-9.-]*$/.test(long.step)) throw new TypeError(`${long.step} is no name of a step`);
  let { host } = reach;
  let heard: string[] = [];
  for (let tries = 0; ; tries++) {
    try {
      const begun = await begin(host, long);
      // Of one that was lost, because the machine started again, what it printed is lost too.
      if (begun === "anew") heard = [];
      const end = await follow(host, long, heard);
      if (end && (begun !== "by another" || end.status === 0)) return { ...end, stderr: "" };
      if (tries >= mostTries) throw endless(long.step);
      heard = [];
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== "SSH_LOST" || tries >= mostTries) throw error;
      host = await reach.again(error);
    }
  }
}

const mostTries = 5;

async function begin(host: RemoteHost, long: Long): Promise<"anew" | "by us" | "by another"> {
  const script = Buffer.from(long.script);
  const input = Buffer.concat([Buffer.from(`${script.length}\n`), script, Buffer.from(long.input ?? "")]);
  const { status, stdout, stderr } = await host.run(beginScript(long), { input, seconds: 60 });
  const said = stdout.trim();
  if (status === 0) return said === "begun" ? "anew" : said === "ours" ? "by us" : "by another";
  throw new Fault(
    "STEP_FAILED",
    `${long.step} could not be begun: ${stderr.trim().split("\n").at(-1) ?? ""}`,
    {
      hint: "Look at `systemctl status` and at the room in /run on the machine, then run it again.",
    },
  );
}

/** @param heard the lines so far; those that come are added */
async function follow(
  host: RemoteHost,
  { step, seconds, onLine }: Long,
  heard: string[],
): Promise<{ status: number; stdout: string } | undefined> {
  const script = followScript(step, heard.length);
  const tell = (line: string) => {
    heard.push(line);
    onLine(line);
  };
  const { stderr } = await host.run(script, { seconds: seconds + 90, onLine: tell });
  const end = readEnd(stderr);
  if (!end) return undefined;
  const words = end.because === undefined ? [] : [`pawl: ${end.because}`];
  return { status: end.status, stdout: [...heard, ...words].map((line) => `${line}\n`).join("") };
}

/** What systemd says of a unit's end: its result, how the main process ended, and with which status or signal. */
function readEnd(text: string): { status: number; because?: string } | undefined {
  const [, result, how, status = ""] = /^(\S+) (\S+) (\S+)$/m.exec(text) ?? [];
  if (result === undefined) return undefined;
  if (result === "timeout") return { status: 124, because: "it took too long and was ended" };
  if (result === "oom-kill") return { status: 137, because: "it was ended by the kernel for want of memory" };
  if (how === "exited") return { status: Number(status) };
  const numbers: Record<string, number> = constants.signals;
  return { status: 128 + (numbers[`SIG${status}`] ?? 0), because: `it was ended by the signal ${status}` };
}

function endless(step: string): Fault {
  return new Fault("STEP_FAILED", `${step} ended ${mostTries} times without a word`, {
    hint: "Did the machine start again meanwhile? Look at its journal, then run it again.",
  });
}
