import type { CloudFacts, RepositoryFacts } from "../../provision/facts.ts";
import { credentialPath, credentialUnit } from "../../provision/owned-files.ts";
import { manifest } from "../../provision/scripts.ts";
import type { Hands, Left } from "../../provision/hands.ts";
import type { Progress } from "../../provision/progress.ts";
import type { Deed } from "../../provision/step.ts";
import type { Wanted } from "../../provision/wanted.ts";
import { Fault } from "../../src/fault.ts";
import type { DeployKey } from "../../src/ports/repo-host.ts";
import type { Server } from "../../src/ports/server-provider.ts";
import { ModelMachine } from "./model-machine.ts";

/** What ends a run as a killed process would. */
export class Killed extends Error {}

const price = { monthly: 12, hourly: 0.01786, currency: "USD" } as const;

/** An account, a machine and a repository that a whole run can be played with. */
export class ModelWorld {
  readonly wanted: Wanted;
  readonly cloud: CloudFacts & { servers: Server[] };
  readonly repository: RepositoryFacts & { deployKeys: DeployKey[] };
  machine: ModelMachine | undefined;
  /** What was asked and done, by word, since it was last emptied. */
  calls: string[] = [];
  isLocked = false;
  isPinned = false;
  /** Another machine works under the worker's name. */
  hasNamesake = false;
  /** Thrown before or after a deed's effect, by the count of boundaries; see `boundaries`. */
  killAt: number | undefined;
  boundaries = 0;
  /** Looks until a server that was ordered is active. */
  startsFor = 2;
  #ids = 0;

  constructor(wanted: Wanted) {
    this.wanted = wanted;
    this.cloud = {
      account: { servers: 3, serverLimit: 10 },
      offers: [
        { size: "s-1vcpu-2gb", cpus: 1, memoryMb: 2048, diskGb: 50, price, regions: ["nyc1", "nyc3"] },
      ],
      servers: [],
    };
    this.repository = {
      private: true,
      mayAdminister: true,
      defaultBranch: "main",
      actions: "off",
      forcePushes: "forbidden",
      deployKeys: [],
      knownHosts: ["github.com ssh-ed25519 AAAAC3Hub"],
    };
    if (wanted.target.kind === "host") this.#boot();
  }

  hands(): Hands {
    return {
      gatherCloud: async () => {
        this.#note("look cloud");
        for (const server of this.cloud.servers) this.#age(server);
        return structuredClone(this.cloud);
      },
      gatherMachine: async () => {
        this.#note("look machine");
        const machine = this.#machine();
        this.isPinned = true;
        return {
          contact: { hostKey: machine.state.hostKeys[0] ?? "", isThrowAway: machine.isThrowAway },
          machine: machine.probe(),
        };
      },
      gatherRepository: async () => {
        this.#note("look repository");
        return structuredClone(this.repository);
      },
      lockMachine: async () => {
        this.#note("lock");
        if (this.isLocked) throw new Error("it is locked");
        this.isLocked = true;
        return {
          [Symbol.asyncDispose]: async () => {
            this.isLocked = false;
          },
        };
      },
      carryOut: async (deed) => {
        this.#mayBeKilled();
        this.#note(deed.do === "script" ? deed.call.name : deed.do);
        this.#do(deed);
        this.#mayBeKilled();
      },
    };
  }

  /** What there is to remove. */
  left(): Left {
    const { cloud, repository, machine, wanted, isPinned } = this;
    return {
      ...(wanted.target.kind === "cloud" && { cloud: { ...cloud, others: [], snapshots: [] } }),
      ...(wanted.repository.keys === "api" && { repository }),
      ...(machine && { machine: { is: "reached", facts: machine.probe() } }),
      isKeyOurs: true,
      isPinned,
    };
  }

  asks(kind: "look" | "lock"): string[] {
    return this.calls.filter((call) => call.startsWith(kind));
  }

  #note(call: string): void {
    this.calls.push(call);
  }

  #mayBeKilled(): void {
    if (this.boundaries++ !== this.killAt) return;
    // The end of a connection ends the lock that it held.
    this.isLocked = false;
    throw new Killed();
  }

  #do(deed: Deed): void {
    const { cloud, repository, wanted } = this;
    switch (deed.do) {
      case "script":
        this.#requireLock();
        return this.#machine().run(deed.call, deed.input);
      case "upload-pawl":
        this.#requireLock();
        if (this.#machine().state.node.current === undefined) throw new Error("pawl came before Node");
        return this.#machine().install("pawl", wanted.versions.pawl);
      case "store-credentials":
        this.#requireLock();
        for (const { name, sha256 } of wanted.credentials ?? []) {
          if (!deed.names.includes(name)) continue;
          this.#machine().writeFile(credentialPath(name), { sha256, owner: "root:root", mode: "0600" });
          this.#machine().run({ name: "write-files", values: {} }, manifest([credentialUnit(name)]));
        }
        return;
      case "rotate-host-key":
        this.#requireLock();
        this.#machine().isThrowAway = false;
        this.#machine().state.hostKeys = ["SHA256:own"];
        return;
      case "add-account-key":
        cloud.keyId ??= "key-1";
        return;
      case "refuse-namesake":
        if (this.hasNamesake) throw new Fault("NAME_TAKEN", "it lives", { hint: "-" });
        return;
      case "create-server":
        return this.#create();
      case "limit-ssh":
        cloud.sshLimit = deed.from;
        return;
      case "register-deploy-key":
        return this.addDeployKey(`pawl ${wanted.name} 2026-11-21`, deed.publicKey);
      case "remove-deploy-key":
        repository.deployKeys = repository.deployKeys.filter(({ id }) => id !== deed.id);
        return;
      case "destroy-server":
        cloud.servers = cloud.servers.filter(({ id }) => id !== deed.id);
        this.machine = undefined;
        return;
      case "remove-ssh-limit":
        delete cloud.sshLimit;
        return;
      case "remove-account-key":
        delete cloud.keyId;
        return;
      case "forget-pin":
        this.isPinned = false;
        return;
      default:
        return deed satisfies never;
    }
  }

  addDeployKey(title: string, key: string, mayWrite = true): void {
    if (this.repository.deployKeys.some((other) => other.key === key))
      throw new Error("key is already in use");
    this.repository.deployKeys.push({
      id: ++this.#ids,
      title,
      key,
      mayWrite,
      createdAt: "2026-11-21T10:00:00Z",
    });
  }

  addServer(changes: Partial<Server> = {}): void {
    if (this.wanted.target.kind !== "cloud") throw new Error("there is no cloud");
    const { region, size, image } = this.wanted.target;
    const id = `server-${++this.#ids}`;
    const made = { id, name: this.wanted.name, state: "starting", ours: true, region, size, image } as const;
    this.cloud.servers.push({ ...made, createdAt: "2026-11-21T10:00:00Z", price, ...changes });
  }

  #create(): void {
    if (this.cloud.keyId === undefined) throw new Error("a server without our key cannot be entered");
    this.addServer();
    this.#boot();
  }

  #age(server: Server): void {
    if (server.state !== "starting" || --this.startsFor > 0) return;
    server.state = "active";
    server.address = "203.0.113.9";
  }

  #boot(): void {
    this.machine = new ModelMachine((publicKey) => {
      const key = publicKey.split(" ").slice(0, 2).join(" ");
      const mayEnter =
        this.wanted.repository.keys === "hands" || this.repository.deployKeys.some((one) => one.key === key);
      return mayEnter ? { head: "1234abcd" } : { refused: "Permission denied (publickey)." };
    });
  }

  #machine(): ModelMachine {
    if (!this.machine) throw new Error("there is no machine");
    return this.machine;
  }

  #requireLock(): void {
    if (!this.isLocked) throw new Error("the machine was changed without its lock");
  }
}

/** The ids of the steps that were told of in this way. */
export function stepsOf(told: readonly Progress[], event: Progress["event"]): string[] {
  return told.flatMap((one) => (one.event === event && "step" in one ? [one.step] : []));
}
