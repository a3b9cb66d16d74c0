/** The processes of one attempt, as far as a driver can see them. */
export interface Tree {
  /** Looks around cheaply, so that those who leave their parents are still known later. */
  remember(): void;

  /** Looks closely, sends to each that lives, and says how many those were. */
  signal(signal: NodeJS.Signals): number;

  /** Looks closely and says how many live. */
  count(): number;
}
