import { Fault } from "../../src/fault.ts";
import type { RepoHost } from "../../src/ports/repo-host.ts";
import type { Server, ServerProvider } from "../../src/ports/server-provider.ts";
import type { Provisioning } from "../../src/wire/provisioning.ts";
import type { MachineHands } from "../../provision/machine-hands.ts";
import { pinnedNode } from "../../provision/pins.ts";
import type { Target, Wanted } from "../../provision/wanted.ts";
import { ModelWorld } from "../provision/model-world.ts";

/** The ways out of a desk to a model of the world, which is there from the first meeting on. */
export class ModelProvisioning {
  world: ModelWorld | undefined;
  hasToken = true;
  hasRepoHost = true;
  known: string[] = [];
  /** Lines of this machine's own known_hosts. */
  knownHosts = ["github.com ssh-ed25519 AAAAC3Hub"];
  target: Target | undefined;
  /** What the machine says to the script of `worker-status`. */
  serviceLines = "";
  cutOff: Fault | undefined;
  /** What a script waits for, and who is told when it begins. */
  stall: Promise<void> | undefined;
  whenRun: (() => void) | undefined;
  /** Servers that are not the worker's. */
  others: Server[] = [];
  /** What was done to the account, the repository and what is kept here. */
  done: string[] = [];
  /** Values and texts that went to the machine. */
  sent: { script: string; input: string }[] = [];

  open(): Provisioning {
    return {
      provider: async (name) => this.#provider(name),
      repoHost: async () => (this.hasRepoHost ? this.#repoHost() : undefined),
      knownHosts: async () => this.knownHosts,
      ownKey: async () => ({
        publicKey: "ssh-ed25519 AAAAC3Own",
        from: "~/.ssh/id_ed25519",
        isNew: false,
        isOurs: false,
      }),
      machine: async ({ wanted }) => this.#machine(wanted),
      knownWorkers: async () => this.known,
      knownMachine: async (name) => {
        const address = this.world?.cloud.servers[0]?.address ?? "203.0.113.9";
        return this.target && this.known.includes(name) ? { target: this.target, address } : undefined;
      },
      knownTarget: async (name) => (this.known.includes(name) ? this.target : undefined),
      packPawl: async () => Buffer.from("a tarball"),
      pinnedNode,
    };
  }

  #world(): ModelWorld {
    if (this.world === undefined) throw new Error("nobody has met a machine yet");
    return this.world;
  }

  #provider(name: string): ServerProvider {
    if (!this.hasToken || name !== "digitalocean")
      throw new Fault("CLOUD_TOKEN", "There is no token", { hint: "Export DO_API_TOKEN." });
    const cloud = () => this.#world().cloud;
    const asked: Partial<ServerProvider> = {
      name: "DigitalOcean",
      account: async () => cloud().account,
      offers: async () => [...cloud().offers],
      findKey: async () => cloud().keyId,
      find: async (name) =>
        [...(this.world?.cloud.servers ?? []), ...this.others].filter((server) => server.name === name),
      ours: async () => [...(this.world?.cloud.servers ?? []), ...this.others.filter(({ ours }) => ours)],
      snapshots: async (id) =>
        this.done.flatMap((one) => {
          const [, of, title = ""] = /^snapshot (\S+) (.+)$/.exec(one) ?? [];
          return of === id ? [{ id: title, name: title, createdAt: "2026-11-21T10:00:00Z", sizeGb: 2 }] : [];
        }),
      snapshot: async (id, name) => void this.done.push(`snapshot ${id} ${name}`),
      destroy: async (id) => this.done.push(`destroy ${id}`) > 0,
      sshLimit: async () => cloud().sshLimit,
      limitSsh: async (from) => (cloud().sshLimit = from) !== undefined,
    };
    return asked as ServerProvider;
  }

  #repoHost(): RepoHost {
    const asked: Partial<RepoHost> = {
      repository: "you/coordination",
      facts: async () => this.#world().repository,
      deployKeys: async () => this.#world().repository.deployKeys,
      knownHosts: async () => [...this.#world().repository.knownHosts],
      removeDeployKey: async (id) => this.done.push(`remove key ${id}`) > 0,
    };
    return asked as RepoHost;
  }

  #machine(wanted: Wanted): MachineHands {
    const world = (this.world ??= new ModelWorld(wanted));
    const hands = world.hands();
    return {
      gather: async (server, tell) => {
        if (this.cutOff) throw this.cutOff;
        return hands.gatherMachine(server, tell);
      },
      lock: () => hands.lockMachine(),
      run: async ({ script, input = "" }) => {
        this.sent.push({ script, input: input.toString() });
        this.whenRun?.();
        await this.stall;
        return { status: 0, output: this.serviceLines };
      },
      lockOrder: async () => ({ async [Symbol.asyncDispose]() {} }),
      expectServer: async () => ({ userData: "#cloud-config\n", mayBeOut: false }),
      expectNone: async () => {},
      rotateHostKey: async () => {},
      isPinned: async () => world.machine !== undefined,
      forgetPin: async () => void this.done.push("forget"),
      async [Symbol.asyncDispose]() {},
    };
  }
}
