import { constants } from "node:os";
import { PassThrough, Readable } from "node:stream";

import type { NodeSSH, SSHExecCommandResponse } from "node-ssh";

import { Fault } from "../../fault.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Held, RemoteHost, RemoteRan, RemoteRun } from "../../ports/remote-host.ts";
import type { Address } from "./address.ts";
import { commandFor, envelope, notTaken } from "./envelope.ts";
import {
  endlessFault,
  lateFault,
  lostFault,
  notRootFault,
  notTakenFault,
  partsOf,
  sessionsFault,
  words,
} from "./faults.ts";
import { Gate } from "./gate.ts";
import { afterBeginning, Output } from "./output.ts";

type Client = NonNullable<NodeSSH["connection"]>;

/** sshd lets in ten sessions on one connection unless it is told otherwise, and some are told. */
const mostSessions = 4;

/** In bytes, of one script. */
const mostOutput = 64_000_000;

/** One connection of ssh2's behind the port, through node-ssh, with what those leave to us. */
export class SshHost implements RemoteHost {
  readonly hostKey: string;
  readonly #ssh: NodeSSH;
  readonly #client: Client;
  readonly #at: Address;
  readonly #clock: Clock;
  readonly #gate = new Gate(mostSessions);
  readonly #closed = Promise.withResolvers<void>();
  /** Why the connection is over; undefined while it stands. */
  #over: Fault | undefined;

  constructor(ssh: NodeSSH, client: Client, at: Address, hostKey: string, clock: Clock) {
    this.#ssh = ssh;
    this.#client = client;
    this.#at = at;
    this.#clock = clock;
    this.hostKey = hostKey;
    // ssh2 emits what it meets later, a keepalive that nobody answers for one; unheard that would end our process.
    client.on("error", (error) => (this.#over ??= lostFault(at, partsOf(error).said)));
    client.on("close", () => {
      this.#over ??= lostFault(at, "it was closed from the other side");
      this.#closed.resolve();
    });
  }

  async run(script: string, { input, seconds, onLine = () => undefined }: RemoteRun): Promise<RemoteRan> {
    using _ = await this.#gate.enter();
    const output = new Output(onLine);
    const stdin = Readable.from(envelope(script, input));
    const ran = await this.#within(
      seconds,
      this.#execute(stdin, (chunk) => output.take(chunk)),
    );
    output.end();
    return ran;
  }

  async hold(script: string, seconds: number): Promise<Held> {
    const pass = await this.#gate.enter();
    const stdin = new PassThrough();
    for (const piece of envelope(script)) stdin.write(piece);
    const first = Promise.withResolvers<string>();
    const output = new Output(first.resolve);
    const over = new AbortController();
    const ended = this.#execute(stdin, (chunk) => output.take(chunk)).finally(() => {
      over.abort();
      pass[Symbol.dispose]();
    });
    void this.#beat(stdin, over.signal);
    const firstLine = await this.#within(seconds, Promise.race([first.promise, ended.then(silentEnd)]));
    return {
      firstLine,
      async [Symbol.asyncDispose]() {
        stdin.end();
        await ended.catch(() => undefined);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over ??= lostFault(this.#at, "we closed it");
    this.#client.end();
    const over = new AbortController();
    await Promise.race([this.#closed.promise, this.#clock.sleep(1000, over.signal)]);
    over.abort();
    this.#client.destroy();
  }

  async #execute(stdin: Readable, onStdout: (chunk: Buffer) => void): Promise<RemoteRan> {
    if (this.#over) throw this.#over;
    let answer: SSHExecCommandResponse;
    const count = this.#counter();
    try {
      answer = await this.#ssh.execCommand(commandFor(this.#at.user), {
        stdin,
        // One character a byte: a piece may end in the middle of a character.
        encoding: "latin1",
        noTrim: true,
        onStdout: (chunk) => {
          count(chunk);
          onStdout(chunk);
        },
        onStderr: count,
        // A script may end before it has read everything.
        onChannel: (channel) => channel.on("error", () => undefined),
      });
    } catch (error) {
      throw this.#over ?? sessionsFault(this.#at, partsOf(error).said);
    } finally {
      stdin.destroy();
    }
    return this.#judge(answer);
  }

  #judge({ code, signal, ...texts }: SSHExecCommandResponse): RemoteRan {
    const stdout = afterBeginning(Buffer.from(texts.stdout, "latin1").toString());
    const stderr = Buffer.from(texts.stderr, "latin1").toString();
    const status = code ?? statusOf(signal);
    if (status === undefined) throw this.#over ?? lostFault(this.#at, "a session ended without a word");
    if (stdout !== undefined) return { status, stdout, stderr };
    throw status === notTaken
      ? notTakenFault(this.#at, stderr)
      : notRootFault(this.#at, stderr || texts.stdout);
  }

  /** Gives the connection up when the time is over: nobody can tell then what goes on at its other end. */
  async #within<Value>(seconds: number, doing: Promise<Value>): Promise<Value> {
    const done = new AbortController();
    void this.#clock.sleep(seconds * 1000, done.signal).then(() => {
      if (done.signal.aborted) return;
      this.#giveUp(lateFault(this.#at, seconds));
    });
    try {
      return await doing;
    } finally {
      done.abort();
    }
  }

  /** All of an output is kept in memory: a machine that is not well, or not ours any more, may never end with it. */
  #counter(): (chunk: Buffer) => void {
    let bytes = 0;
    return (chunk) => {
      bytes += chunk.length;
      if (bytes > mostOutput) this.#giveUp(endlessFault(this.#at, mostOutput));
    };
  }

  #giveUp(why: Fault): void {
    this.#over ??= why;
    this.#client.destroy();
  }

  /** Whoever holds something hears us, so that it can let go when we fell silent. */
  async #beat(stdin: PassThrough, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(beatSeconds * 1000, signal);
      if (stdin.writable) stdin.write("\n");
    }
  }
}

const beatSeconds = 3;

/** What holds something has to say so first. */
function silentEnd({ status, stderr }: RemoteRan): never {
  throw new Fault("STEP_FAILED", `What was to be held was not: ${words(stderr) || `status ${status}`}`, {
    hint: "Look at the machine's own log, and run it again.",
  });
}

/** As a shell says it of what was killed: 128 and the signal's number. */
function statusOf(signal: string | null): number | undefined {
  const known: Record<string, number> = constants.signals;
  const number = known[signal ?? ""];
  return number === undefined ? undefined : 128 + number;
}
