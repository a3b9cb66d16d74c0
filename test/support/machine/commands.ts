import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export type Ran = { status: number; stdout: string; stderr: string };

/** Runs a program to its end; whatever it came to is an answer. */
export async function run(
  program: string,
  args: readonly string[],
  { input = "" }: { input?: string | Buffer } = {},
): Promise<Ran> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], timeout: 600_000 });
  child.stdin.on("error", () => undefined).end(input);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { status: status ?? 255, stdout, stderr };
}

/** What the program printed, without the last line end; it has to end with 0. */
export async function ask(
  program: string,
  args: readonly string[],
  how: { input?: string | Buffer } = {},
): Promise<string> {
  const ran = await run(program, args, how);
  if (ran.status === 0) return ran.stdout.trimEnd();
  throw new Error(`${program} ${args.join(" ")} ended with ${ran.status}: ${ran.stderr || ran.stdout}`);
}
