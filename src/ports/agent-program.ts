/** What became of a command line; a program that could not be run says nothing. */
export type Ran =
  | { kind: "ended"; status: number; stdout: string; stderr: string }
  | { kind: "missing" }
  | { kind: "too-slow"; seconds: number };

/** The program of an agent on this machine, such as `openclaw`. */
export interface AgentProgram {
  run(args: readonly string[]): Promise<Ran>;
}
