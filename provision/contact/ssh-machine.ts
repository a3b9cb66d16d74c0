import { Fault } from "../../src/fault.ts";
import type { HostKey, Trust } from "../../src/format/known-hosts.ts";
import { fingerprintOf, readPublicKey } from "../../src/format/ssh-key.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { RemoteHost } from "../../src/ports/remote-host.ts";
import type { Server } from "../../src/ports/server-provider.ts";
import type { ContactFacts, MachineFacts } from "../facts.ts";
import type { Tell } from "../hands.ts";
import type { MachineHands, MachineRun } from "../machine-hands.ts";
import { askedOf } from "../owned-files.ts";
import { probeScript, script, stepFault } from "../scripts.ts";
import type { Wanted } from "../wanted.ts";
import { awaitSsh } from "./await-ssh.ts";
import * as contact from "./contact.ts";
import type { ContactFile } from "./contact-file.ts";
import { lockMachine } from "./lock.ts";
import { readProbe } from "./read-probe.ts";
import { runLong } from "./run-long.ts";
import { userData } from "./user-data.ts";

export type At = { user: string; address: string; port: number };

export type SshMachineParts = {
  wanted: Wanted;
  file: ContactFile;
  /** Opens a connection to a machine that shows one of these keys. */
  open: (at: At, trust: Trust) => Promise<RemoteHost>;
  /** The fingerprint that a person says it has: that counts more than what we remember. */
  given?: string | undefined;
  /** Host keys that this machine's ssh has of it: they count where we remember none. */
  knownToSsh: readonly HostKey[];
  /** Whatever key it shows is taken, and pinned in the place of the one before; not of a server that is awaited. */
  acceptNewHostKey: boolean;
  /** What is learned of it is not kept: of a run that is to change nothing. */
  onlyLook: boolean;
  /** Keeps other runs here from ordering for this worker. */
  lockOrder: () => Promise<AsyncDisposable>;
  /** Who we are, for another run that finds the machine locked. */
  who: string;
  clock: Clock;
  /** That many bytes that nobody can guess. */
  random: (bytes: number) => Buffer;
};

/** How long a new server may take until it lets us in; after that something is wrong with it. */
const bootSeconds = 300;
/** How long a connection that was lost in a long step may take to come back. */
const returnSeconds = 60;
const contactStep = "contact.host-key";

/** The machine behind ssh: met with its key checked, probed, locked, and told what to do. */
export class SshMachine implements MachineHands {
  readonly #parts: SshMachineParts;
  /** All that were opened: the lock may be on an older one than the last. */
  readonly #opened: RemoteHost[] = [];
  #known: contact.Contact | undefined;
  #at: At | undefined;
  #lock: AsyncDisposable | undefined;
  #tell: Tell = () => undefined;

  constructor(parts: SshMachineParts) {
    this.#parts = parts;
  }

  async gather(
    server: Server | undefined,
    tell: Tell,
  ): Promise<{ contact: ContactFacts; machine: MachineFacts }> {
    this.#tell = tell;
    const host = this.#opened.at(-1) ?? (await this.#meet(server));
    const ran = await host.run(probeScript(askedOf(this.#parts.wanted)), { seconds: 90 });
    if (ran.status !== 0)
      throw stepFault("the probe", { status: ran.status, output: ran.stdout + ran.stderr });
    const isThrowAway = contact.isThrowAway(await this.#contact(), host.hostKey);
    return { contact: { hostKey: host.hostKey, isThrowAway }, machine: readProbe(ran.stdout) };
  }

  async lock(): Promise<AsyncDisposable> {
    await this.#takeLock(this.#host());
    return {
      [Symbol.asyncDispose]: async () => {
        await this.#lock?.[Symbol.asyncDispose]();
        this.#lock = undefined;
      },
    };
  }

  async run({ long, ...run }: MachineRun): Promise<{ status: number; output: string }> {
    const host = this.#host();
    if (!long) {
      const { status, stdout, stderr } = await host.run(run.script, run);
      return { status, output: stdout + stderr };
    }
    const token = this.#parts.random(16).toString("hex");
    const again = (lost: Fault) => this.#comeBack(run.step, lost);
    const { status, stdout } = await runLong({ host, again }, { ...run, token });
    return { status, output: stdout };
  }

  async lockOrder(): Promise<AsyncDisposable> {
    const lock = await this.#parts.lockOrder();
    this.#known = undefined;
    return lock;
  }

  async expectServer(): Promise<{ userData: string; mayBeOut: boolean }> {
    const { random, wanted } = this.#parts;
    const known = await this.#contact();
    const elsewhere = contact.awaitedElsewhere(known, wanted.target);
    if (elsewhere !== undefined) throw stillOut(wanted.name, elsewhere);
    const expecting = contact.beforeOrder(known, wanted.target, random(32));
    await this.#keep(expecting);
    const key = contact.throwAwayKey(expecting);
    if (!key) throw new TypeError("an order without a key");
    return { userData: userData(key), mayBeOut: contact.isAwaited(known) };
  }

  async expectNone(): Promise<void> {
    await this.#keep(contact.afterRefusal(await this.#contact()));
  }

  async rotateHostKey(tell: Tell): Promise<void> {
    this.#tell = tell;
    const host = this.#host();
    const next = printOf(await saidBy(host, script("host-key-make", {})));
    await this.#keep({ ...(await this.#contact()), next });
    await saidBy(host, script("host-key-switch", {}));
    await this.#enter([{ fingerprint: next }], returnSeconds);
  }

  async isPinned(): Promise<boolean> {
    return contact.isPinned(await this.#contact());
  }

  async forgetPin(): Promise<void> {
    await this.#keep({});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.#opened.splice(0)) await host[Symbol.asyncDispose]();
  }

  /** The first connection of this run. */
  async #meet(server: Server | undefined): Promise<RemoteHost> {
    const { target } = this.#parts.wanted;
    const at =
      target.kind === "host"
        ? target
        : server?.address && { user: "root", address: server.address, port: 22 };
    if (!at) throw new TypeError("met before it had an address");
    this.#at = { user: at.user, address: at.address, port: at.port };
    const known = await this.#contact();
    const trust = this.#trust(known);
    const host = await this.#enter(trust, contact.isAwaited(known) ? bootSeconds : 0).catch(
      (error: unknown) => {
        throw target.kind === "cloud" ? ofServer(error, contact.isAwaited(known)) : error;
      },
    );
    if (known.hostKey !== undefined && known.hostKey !== host.hostKey) {
      const { onlyLook } = this.#parts;
      const text = `The host key ${host.hostKey} ${onlyLook ? "would be" : "is"} pinned now in place of ${known.hostKey}.`;
      this.#tell({ event: "advice", text });
    }
    return host;
  }

  #trust(known: contact.Contact): Trust {
    const { acceptNewHostKey, given, knownToSsh, wanted } = this.#parts;
    // The key of a server that is awaited is one that we made: nobody can have changed it for a good reason.
    const isOrdered = wanted.target.kind === "cloud" && contact.isAwaited(known);
    if (acceptNewHostKey && !isOrdered) return "any";
    return given === undefined ? contact.trustOf(known, knownToSsh) : [{ fingerprint: given }];
  }

  /** A connection to a machine that is known by these keys, from here on the one that is used. */
  async #enter(trust: Trust, seconds: number): Promise<RemoteHost> {
    const { clock, wanted, open } = this.#parts;
    const at = this.#at;
    if (!at) throw new TypeError("entered before it was met");
    const what = "ssh answers";
    const host = await awaitSsh(() => open(at, trust), {
      clock,
      seconds,
      everySeconds: 2,
      onWait: (obstacle, waited) =>
        this.#tell({ event: "waiting", step: contactStep, what, obstacle, seconds: waited }),
    });
    this.#opened.push(host);
    const now = { target: wanted.target, address: at.address };
    await this.#keep(contact.afterMeeting(await this.#contact(), now, host.hostKey));
    return host;
  }

  async #comeBack(step: string, lost: Fault): Promise<RemoteHost> {
    this.#tell({
      event: "waiting",
      step,
      what: "the connection is back",
      obstacle: lost.message,
      seconds: 0,
    });
    const trust = contact.trustOf(await this.#contact(), []);
    const host = await this.#enter(trust, returnSeconds).catch((error: unknown) => {
      throw error instanceof Fault && error.code === "HOST_KEY_CHANGED" ? error : lost;
    });
    if (this.#lock) await this.#takeLock(host);
    return host;
  }

  async #takeLock(host: RemoteHost): Promise<void> {
    const { who, clock } = this.#parts;
    this.#lock = await lockMachine(host, {
      who,
      clock,
      onWait: (holder, seconds) =>
        this.#tell({
          event: "waiting",
          step: contactStep,
          what: "another run ends",
          obstacle: holder,
          seconds,
        }),
    });
  }

  #host(): RemoteHost {
    const host = this.#opened.at(-1);
    if (!host) throw new TypeError("used before it was met");
    return host;
  }

  async #contact(): Promise<contact.Contact> {
    return (this.#known ??= await this.#parts.file.read());
  }

  /** On the disk when it resolves; nothing is written when nothing is new, or nothing is to be changed. */
  async #keep(value: contact.Contact): Promise<void> {
    if (JSON.stringify(value) === JSON.stringify(await this.#contact())) return;
    if (!this.#parts.onlyLook) await this.#parts.file.write(value);
    this.#known = value;
  }
}

async function saidBy(host: RemoteHost, text: string): Promise<string> {
  const { status, stdout, stderr } = await host.run(text, { seconds: 60 });
  if (status !== 0) throw stepFault(contactStep, { status, output: stdout + stderr });
  return stdout;
}

function stillOut(name: string, provider: string): Fault {
  return new Fault("CLOUD_UNKNOWN_OUTCOME", `An order of ${name} at ${provider} was never answered`, {
    hint: `It may come true yet: run \`provision-worker ${name} --provider ${provider}\` to go on with it, or the same with --destroy to give it up.`,
  });
}

/** We made the first key of every server that we ordered; a person was never told of it. */
function ofServer(error: unknown, isAwaited: boolean): unknown {
  if (!(error instanceof Fault)) return error;
  if (error.code === "HOST_KEY_CHANGED" && isAwaited) {
    return new Fault(error.code, error.message, {
      hint:
        "It was told at its order to show a key that we made, and no other is taken. Either its first boot failed, which " +
        "/var/log/cloud-init-output.log says in the provider's console, or somebody stands in between: --destroy it and make another one.",
    });
  }
  if (error.code !== "HOST_KEY_UNKNOWN") return error;
  return new Fault(error.code, error.message, {
    hint:
      "This machine has forgotten that server, or another one ordered it. Compare the key with what " +
      "`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` says in the provider's console; then --accept-new-host-key.",
  });
}

function printOf(publicKey: string): string {
  const read = readPublicKey(publicKey);
  if (read) return fingerprintOf(read.blob);
  throw new Fault("STEP_FAILED", "The machine made a host key that is none", {
    hint: "Look at /etc/ssh/pawl_next_host_key.pub there, remove it, and run the same again.",
  });
}
