import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";

import { blanker } from "../../format/secrets.ts";
import type { Channel, ChannelCheck, Sending } from "../../ports/channel.ts";
import { type CardPost, cardToEdit, cardToRemove, cardToSend, placeOf } from "./card-post.ts";

export type CommandOptions = {
  argv: readonly [string, ...string[]];
  /** Ours; the program sees of it what any program needs, and what `pass` names. */
  env: Readonly<Record<string, string | undefined>>;
  pass?: readonly string[];
  cwd: string;
  timeoutMs?: number;
  /** Values that must not turn up in what we say of it. */
  secrets?: readonly string[];
};

const harmless = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/** As much of what a program said as is kept while it runs, and as much as is told of it. */
const keptBytes = 16_384;
const toldCharacters = 300;

/** SIGTERM, and this much later SIGKILL. */
const graceMs = 2000;

/** A program that gets each card as JSON on standard input. It delivers it and exits with 0, or it does neither. */
export function commandChannel(options: CommandOptions): Channel {
  const { timeoutMs = 30_000, secrets = [] } = options;
  const { blank } = blanker(secrets);

  async function run(card: CardPost): Promise<Sending> {
    const end = await runProgram(options, JSON.stringify(card), timeoutMs);
    const why = (what: string) => [what, tail(blank(end.said))].filter(Boolean).join(": ");
    switch (end.kind) {
      case "not-started":
        return { kind: "dead", code: end.code, why: end.said, scope: "destination" };
      case "timed-out":
        return { kind: "unknown", code: "TIMEOUT", why: why(`stopped after ${timeoutMs / 1000} s`) };
      case "signalled":
        return { kind: "unknown", code: end.signal, why: why(`ended by ${end.signal}`) };
      case "exited":
        if (end.status === 0) return { kind: "sent", place: placeOf(card) };
        return { kind: "refused", code: `EXIT_${end.status}`, why: why(`exited with ${end.status}`) };
    }
  }

  return {
    takes: "card",
    memory: "none",
    send: (parcel) => run(cardToSend(parcel)),
    edit: (place, parcel) => run(cardToEdit(place, parcel)),
    remove: (place) => run(cardToRemove(place)),
    find: () => Promise.resolve({ kind: "unknown", why: "a program cannot be asked what it has delivered" }),
    check: () => Promise.resolve([checkProgram(options)]),
  };
}

type End = { said: string } & (
  | { kind: "not-started"; code: string }
  | { kind: "timed-out" }
  | { kind: "signalled"; signal: string }
  | { kind: "exited"; status: number }
);

function runProgram(
  { argv, env, pass = [], cwd }: CommandOptions,
  input: string,
  timeoutMs: number,
): Promise<End> {
  const { promise, resolve: ended } = Promise.withResolvers<End>();
  const [program, ...args] = argv;
  let said = "";
  let isOverdue = false;
  const child = spawn(program, args, {
    cwd,
    env: Object.fromEntries([...harmless, ...pass].map((name) => [name, env[name]])),
    // A group of its own, to be ended with whatever it has started.
    detached: true,
    stdio: "pipe",
  });
  const overdue = setTimeout(() => {
    isOverdue = true;
    endGroup(child, "SIGTERM");
  }, timeoutMs);
  const killed = setTimeout(() => endGroup(child, "SIGKILL"), timeoutMs + graceMs);
  const hear = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-keptBytes));
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  // Whoever does not read all of its input has closed the pipe; its exit code says whether that was wise.
  child.stdin.on("error", () => undefined).end(input);

  const settle = (end: End) => {
    clearTimeout(overdue);
    clearTimeout(killed);
    ended(end);
  };
  child.once("error", (error: NodeJS.ErrnoException) => {
    const code = error.code ?? "NOT_STARTED";
    settle({ kind: "not-started", code, said: `${program} could not be started (${code})` });
  });
  child.once("exit", (status, signal) => {
    // What it left behind in the background may hold the pipes open for ever.
    endGroup(child, "SIGKILL");
    if (isOverdue) settle({ kind: "timed-out", said });
    else if (signal !== null) settle({ kind: "signalled", signal, said });
    else setImmediate(() => settle({ kind: "exited", status: status ?? 0, said }));
  });
  return promise;
}

function endGroup({ pid }: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function tail(said: string): string {
  // oxlint-disable-next-line no-control-regex -- a program may say anything
  const words = said.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return words.slice(-toldCharacters).toWellFormed();
}

function checkProgram({ argv: [program], env, cwd }: CommandOptions): ChannelCheck {
  const folders = (env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const isPath = program.includes("/");
  const places =
    isAbsolute(program) || isPath ? [resolve(cwd, program)] : folders.map((folder) => join(folder, program));
  if (places.some(isProgram)) return { ok: true, what: `${program} is there` };
  return {
    ok: false,
    what: `${program} is not there or may not be executed`,
    hint: isPath ? "Look at its path and its permissions." : "Give its whole path, or put it on main's PATH.",
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
