/** What a script on a remote machine came to. */
export type RemoteRan = { status: number; stdout: string; stderr: string };

export type RemoteRun = {
  /** What the script reads on its standard input: the place for secrets, which are in no argv and no log. */
  input?: string | Buffer;
  /** How long it may take, in seconds; after that the connection is given up with SSH_TIMEOUT. */
  seconds: number;
  /** Each line of its standard output, as it comes. */
  onLine?: (line: string) => void;
};

/**
 * A machine that we reach by ssh and rule as root, its host key checked. Every method throws SSH_LOST when the
 * connection ends before the script did: whether the script went on is then unknown.
 */
export interface RemoteHost extends AsyncDisposable {
  /** The SHA-256 fingerprint of the key that the machine showed, as `SHA256:...`. */
  readonly hostKey: string;

  /**
   * Runs a POSIX shell script as root, in one round trip. A status other than 0 is an answer, not a fault; a script that a
   * signal ended has 128 and the signal's number. A script begins only when it and its input have come whole.
   */
  run(script: string, how: RemoteRun): Promise<RemoteRan>;

  /**
   * Runs a script that holds something, a lock for instance, until it is disposed of or the connection ends. Resolves
   * to the first line that the script prints; the script then waits for the end of its standard input. An empty line
   * comes there every three seconds, so that it can tell us who fell silent from us who wait.
   */
  hold(script: string, seconds: number): Promise<Held>;
}

export type Held = AsyncDisposable & { firstLine: string };
