/** What a provider was asked to make, with the texts of the ssh keys. */
export type Ordered = {
  id: number;
  name: string;
  region: string;
  size: string;
  image: string;
  userData: string;
  publicKeys: string[];
};

export type CloudServer = Ordered & {
  tags: string[];
  createdAt: string;
  state: "starting" | "active";
  address?: string;
};

export type CloudKey = { id: number; name: string; publicKey: string };
export type CloudSnapshot = { id: number; server: number; name: string; createdAt: string; sizeGb: number };

export type CloudHooks = {
  /** The only token that is let in. */
  token?: string;
  /** Makes the machine behind a server, which becomes active when this has ended. */
  onCreate?: (order: Ordered) => Promise<{ address: string }>;
  /** The server is gone for everybody who asks afterwards. */
  onDestroy?: (server: CloudServer) => Promise<void>;
  /** How often a new server is shown as one that is starting. */
  looksUntilActive?: number;
  /** How many servers there may be. */
  serverLimit?: number;
};

/** What stands in an account of a provider that tests play, whichever provider that is. */
export class CloudAccount {
  readonly servers = new Map<number, CloudServer>();
  readonly keys = new Map<number, CloudKey>();
  readonly snapshots: CloudSnapshot[] = [];
  /** What the hooks broke with. */
  readonly broken: string[] = [];
  readonly serverLimit: number;
  /** New servers never become active. */
  stuck = false;

  readonly #hooks: CloudHooks;
  readonly #usual: Pick<Ordered, "region" | "size" | "image">;
  readonly #looks = new Map<number, number>();
  #lastId = 412_000_000;
  #minutes = 0;

  /** @param usual what servers are that nobody says anything special about */
  constructor(usual: Pick<Ordered, "region" | "size" | "image">, hooks: CloudHooks = {}) {
    this.#usual = usual;
    this.#hooks = hooks;
    this.serverLimit = hooks.serverLimit ?? 25;
  }

  create(order: Omit<Ordered, "id">, tags: readonly string[]): CloudServer {
    const server: CloudServer = {
      ...order,
      id: this.nextId(),
      tags: [...tags],
      createdAt: this.nextTime(),
      state: "starting",
    };
    this.servers.set(server.id, server);
    this.#looks.set(server.id, this.#hooks.looksUntilActive ?? 2);
    const { onCreate = async () => ({ address: `203.0.113.${server.id % 250}` }) } = this.#hooks;
    onCreate(server).then(
      ({ address }) => void (server.address = address),
      (error: unknown) => void this.broken.push(`onCreate: ${String(error)}`),
    );
    return server;
  }

  /** Servers that somebody else made, whose machines nobody needs. */
  addForeign(name: string, count = 1, more: Partial<CloudServer> = {}): CloudServer[] {
    return Array.from({ length: count }, () => {
      const server: CloudServer = {
        id: this.nextId(),
        name,
        ...this.#usual,
        userData: "",
        publicKeys: [],
        tags: [],
        createdAt: this.nextTime(),
        state: "active",
        address: "198.51.100.7",
        ...more,
      };
      this.servers.set(server.id, server);
      return server;
    });
  }

  /** The server as it is to be shown now: being looked at is what makes time go by. */
  look(server: CloudServer): CloudServer {
    const left = this.#looks.get(server.id) ?? 0;
    this.#looks.set(server.id, left - 1);
    if (left <= 0 && server.address !== undefined && !this.stuck) server.state = "active";
    return server;
  }

  async destroy(server: CloudServer): Promise<void> {
    this.servers.delete(server.id);
    try {
      await this.#hooks.onDestroy?.(server);
    } catch (error) {
      this.broken.push(`onDestroy: ${String(error)}`);
    }
  }

  addKey(name: string, publicKey: string): CloudKey {
    const key = { id: this.nextId(), name, publicKey };
    this.keys.set(key.id, key);
    return key;
  }

  keyTexts(ids: readonly unknown[]): string[] {
    return ids.flatMap((id) => this.keys.get(Number(id))?.publicKey ?? []);
  }

  addSnapshot(server: number, name: string): CloudSnapshot {
    const snapshot = { id: this.nextId(), server, name, createdAt: this.nextTime(), sizeGb: 2.5 };
    this.snapshots.push(snapshot);
    return snapshot;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  nextTime(): string {
    return new Date(Date.UTC(2026, 10, 21, 10, this.#minutes++)).toISOString().replace(".000", "");
  }
}
