import type { Server } from "../src/ports/server-provider.ts";
import type { ContactFacts, MachineFacts } from "./facts.ts";
import type { Tell } from "./hands.ts";

/** A script on the machine, on behalf of a step. */
export type MachineRun = {
  step: string;
  script: string;
  input?: string | Buffer;
  seconds: number;
  /** Runs as a unit of its own that outlives the connection; one that runs already is attached to instead. */
  long: boolean;
  onLine: (line: string) => void;
};

/** What hands need of the machine itself: everything that goes over ssh, and the pinned host key. */
export interface MachineHands extends AsyncDisposable {
  /** As `Hands.gatherMachine`. */
  gather(server: Server | undefined, tell: Tell): Promise<{ contact: ContactFacts; machine: MachineFacts }>;

  /** As `Hands.lockMachine`. */
  lock(): Promise<AsyncDisposable>;

  /** Any status is an answer. `output`: what the script said, on both streams. */
  run(run: MachineRun): Promise<{ status: number; output: string }>;

  /**
   * Keeps other runs here from ordering for this worker until it is disposed of; throws ALREADY_RUNNING. What those
   * before it have kept is known from then on.
   */
  lockOrder(): Promise<AsyncDisposable>;

  /**
   * Pins the key that a server which is about to be ordered shows first, and answers the user data that gives it that
   * key. The pin is on disk before this resolves: a run that ends right after the order still knows its server.
   * `mayBeOut`: an earlier run ended without an answer to such an order, which may come true yet.
   */
  expectServer(): Promise<{ userData: string; mayBeOut: boolean }>;

  /** The provider has refused the order: no server is expected any more. */
  expectNone(): Promise<void>;

  /** Has the machine show a key that nobody else has seen; see the action of that name. */
  rotateHostKey(tell: Tell): Promise<void>;

  isPinned(): Promise<boolean>;
  forgetPin(): Promise<void>;
}
