import * as z from "zod";

import { Fault } from "../fault.ts";
import type { AgentProgram } from "../ports/agent-program.ts";
import type { Facts } from "./facts.ts";
import { JobList, type Job } from "./job.ts";

/** What the program `openclaw` answers, as values; what keeps it from answering, as faults. */
export class Openclaw {
  readonly #program: AgentProgram;

  constructor(program: AgentProgram) {
    this.#program = program;
  }

  /** The version, and how an agent of that version can hear of results. */
  async abilities(): Promise<Pick<Facts, "version" | "hears">> {
    const version = versionIn(await this.#answer(["--version"]));
    const { out } = await this.#run(["cron", "add", "--help"]);
    if (out.includes("--stream-command")) return { version, hears: "stream" };
    if (!readsHeartbeatFile(version)) {
      throw new Fault(
        "OPENCLAW_TOO_OLD",
        `OpenClaw ${version} reads HEARTBEAT.md no longer and has no streams yet: its agent could not hear of results`,
        { hint: update },
      );
    }
    return { version, hears: "heartbeat-file" };
  }

  async workspace(): Promise<string> {
    return this.#json(["skills", "list", "--json"], z.object({ workspaceDir: z.string().min(1) })).then(
      ({ workspaceDir }) => workspaceDir,
    );
  }

  /** All automations, those that are switched off too. Only a running Gateway knows them. */
  async jobs(): Promise<Job[]> {
    return (await this.#json(["cron", "list", "--all", "--json"], JobList)).jobs;
  }

  async tell(args: readonly string[]): Promise<void> {
    await this.#answer(args);
  }

  async #json<T>(args: readonly string[], schema: z.ZodType<T>): Promise<T> {
    const text = await this.#answer(args);
    const read = schema.safeParse(jsonIn(text));
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    throw new Fault(
      "OPENCLAW_FAILED",
      `\`openclaw ${args.join(" ")}\` answers in a shape that is not known here: ${issue?.path.join(".")}: ${issue?.message}`,
      { hint: `Tell us the version: \`openclaw --version\`. ${update}` },
    );
  }

  async #answer(args: readonly string[]): Promise<string> {
    const { status, out, said } = await this.#run(args);
    if (status === 0) return out;
    throw faultOf(`openclaw ${args.slice(0, 2).join(" ")}`, said);
  }

  async #run(args: readonly string[]): Promise<{ status: number; out: string; said: string }> {
    const ran = await this.#program.run(args);
    switch (ran.kind) {
      case "ended":
        return { status: ran.status, out: ran.stdout, said: messageIn(ran.stdout, ran.stderr) };
      case "missing":
        throw new Fault("OPENCLAW_MISSING", "There is no openclaw on your PATH", {
          hint: "Install it with `npm install --global openclaw@latest` (Node 24.16 or newer), or set PATH so that `openclaw --version` works.",
        });
      case "too-slow":
        throw new Fault(
          "OPENCLAW_FAILED",
          `\`openclaw ${args.slice(0, 2).join(" ")}\` said nothing for ${ran.seconds} s`,
          { hint: "Try the same command by hand; `openclaw doctor` looks for what is wrong." },
        );
      default:
        return ran satisfies never;
    }
  }
}

const update = "Update it: `npm install --global openclaw@latest`.";

function faultOf(command: string, said: string): Fault {
  if (/does not recognize|unknown (option|command)/i.test(said)) {
    return new Fault(
      "OPENCLAW_TOO_OLD",
      `This openclaw does not know what \`${command}\` was asked: ${said}`,
      {
        hint: update,
      },
    );
  }
  if (/gateway|ECONNREFUSED/i.test(said)) {
    return new Fault("GATEWAY_UNREACHABLE", `OpenClaw's Gateway cannot be asked: ${said}`, {
      hint: "Start it (`openclaw gateway run`, or `openclaw gateway start` for the service) and run the same command again; for a Gateway with a token set OPENCLAW_GATEWAY_TOKEN.",
    });
  }
  return new Fault("OPENCLAW_FAILED", `\`${command}\` failed: ${said}`, {
    hint: "Try the same command by hand; `openclaw doctor` looks for what is wrong.",
  });
}

/** Versions are dates. Since August 2026 heartbeats have a note in OpenClaw's database instead. */
function readsHeartbeatFile(version: string): boolean {
  const [year = 0, month = 0] = version.split(".").map(Number);
  return year < 2026 || (year === 2026 && month < 8);
}

function versionIn(text: string): string {
  const found = /\d{4}\.\d{1,2}\.\d{1,2}\S*/.exec(text)?.[0];
  if (found !== undefined) return found;
  throw new Fault("OPENCLAW_FAILED", `\`openclaw --version\` says ${JSON.stringify(text.slice(0, 80))}`, {
    hint: "Look which program that is: `which -a openclaw`.",
  });
}

/** The first line of what it says of its failure; the rest is advice for other callers. */
function messageIn(stdout: string, stderr: string): string {
  const failure = z.object({ error: z.object({ message: z.string() }) }).safeParse(jsonIn(stdout));
  const text = failure.success ? failure.data.error.message : stderr || stdout;
  const lines = text.split("\n").map((line) => line.trim());
  // Diagnostics of its own, such as [sqlite/transaction] slow …, say nothing about the failure.
  return (
    lines.find((line) => line !== "" && !/^\[[\w/-]+\]/.test(line))?.slice(0, 300) ?? "it did not say why"
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
