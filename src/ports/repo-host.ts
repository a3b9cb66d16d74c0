export type DeployKey = {
  id: number;
  title: string;
  /** `ssh-ed25519 AAAA...`, without a comment. */
  key: string;
  mayWrite: boolean;
  /** ISO 8601. */
  createdAt: string;
};

/** What is known of a coordination repository; "unknown" where the token may not ask. */
export type RepoFacts = {
  private: boolean;
  mayAdminister: boolean;
  defaultBranch: string;
  actions: "on" | "off" | "unknown";
  forcePushes: "allowed" | "forbidden" | "unknown";
};

/** One repository at a host with an API. Faults have the codes GH_*, and never carry the token. */
export interface RepoHost {
  /** `owner/name`, for people. */
  readonly repository: string;

  /** What a person has to know about keys that are registered here, if anything. */
  readonly warning?: string;

  facts(): Promise<RepoFacts>;
  /** Lines for known_hosts, of the host that git reaches by ssh. */
  knownHosts(): Promise<string[]>;
  deployKeys(): Promise<DeployKey[]>;
  addDeployKey(title: string, publicKey: string): Promise<DeployKey>;
  /** Answers whether there was such a key. */
  removeDeployKey(id: number): Promise<boolean>;
}
