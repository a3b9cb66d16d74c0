/** Money per month in the provider's currency, before taxes, as the provider's own list says. */
export type Price = { monthly: number; hourly: number; currency: "USD" | "EUR" };

/** A kind of machine that can be ordered. One that costs more in some regions is as many offers as it has prices. */
export type Offer = {
  size: string;
  cpus: number;
  memoryMb: number;
  diskGb: number;
  price: Price;
  /** Where it can be ordered now. */
  regions: readonly string[];
};

export type Account = {
  /** Why no machine can be ordered; nothing when one can. */
  trouble?: string;
  servers: number;
  /** How many there may be; nothing when the provider does not tell. */
  serverLimit?: number;
};

export type Server = {
  id: string;
  name: string;
  state: "starting" | "active" | "off" | "gone";
  /** Has our ownership tag, `pawl-worker`: only such servers are ever touched. */
  ours: boolean;
  /** Its public IPv4 address, once it has one. */
  address?: string;
  region: string;
  size: string;
  image: string;
  /** ISO 8601. */
  createdAt: string;
  price?: Price;
};

export type Order = {
  name: string;
  region: string;
  size: string;
  image: string;
  /** The provider's ids of the ssh keys that root gets. */
  keys: readonly string[];
  /** cloud-init's user data. Every process on the server can read it for ever: it holds nothing that stays secret. */
  userData: string;
};

export type Snapshot = { id: string; name: string; createdAt: string; sizeGb: number; price?: Price };

/**
 * An account at a provider of servers. Faults have the codes CLOUD_*, and never carry the token. Reads are tried again
 * with patience; nothing that creates or destroys is.
 */
export interface ServerProvider {
  readonly name: string;
  /** Variables of the environment and permissions that it needs, for people. */
  readonly needs: string;

  account(): Promise<Account>;
  offers(): Promise<Offer[]>;
  /** Every server of this name, ours or not. */
  find(name: string): Promise<Server[]>;
  get(id: string): Promise<Server | undefined>;
  /** All servers with our tag. */
  ours(): Promise<Server[]>;

  /**
   * Orders a server with our tag. Throws CLOUD_UNKNOWN_OUTCOME when the answer was lost: the server may exist, and the
   * caller has to look by name, with patience, before it orders again.
   */
  create(order: Order): Promise<Server>;
  /** Answers whether there was anything left to destroy. Refuses a server without our tag with CLOUD_FOREIGN. */
  destroy(id: string): Promise<boolean>;

  /** The account's id of this public key, compared by key material and not by name. */
  findKey(publicKey: string): Promise<string | undefined>;
  addKey(name: string, publicKey: string): Promise<string>;
  removeKey(id: string): Promise<boolean>;

  /** Lets only these CIDR ranges reach port 22 of servers with our tag; answers whether that changed anything. */
  limitSsh(from: readonly string[]): Promise<boolean>;
  /** The ranges that `limitSsh` set; nothing when there is no such firewall. */
  sshLimit(): Promise<readonly string[] | undefined>;
  removeSshLimit(): Promise<boolean>;

  snapshots(serverId: string): Promise<Snapshot[]>;
  /** Begins a snapshot of a running server, ours or not; answers when the provider has taken the order. */
  snapshot(serverId: string, name: string): Promise<void>;
}
