import type { AgentProgram, Ran } from "../../src/ports/agent-program.ts";

type Job = Record<string, unknown> & { id: string };

/** An `openclaw` that answers as the real one was seen to. */
export class ScriptedOpenclaw implements AgentProgram {
  readonly asked: string[][] = [];
  readonly jobs: Job[] = [];
  readonly workspace: string;
  version = "2026.9.6";
  hasStreams = true;
  isGatewayUp = true;
  isThere = true;
  /** A verb of `cron` that it does not do. */
  refuses: string | undefined;

  constructor(workspace: string) {
    this.workspace = workspace;
  }

  run(args: readonly string[]): Promise<Ran> {
    this.asked.push([...args]);
    return Promise.resolve(this.isThere ? this.#answer(args) : { kind: "missing" });
  }

  #answer(args: readonly string[]): Ran {
    const [noun = "", verb = ""] = args;
    if (noun === "--version") return said(`OpenClaw ${this.version} (eb377ac)\n`);
    if (args.includes("--help")) return said(`  --name <name>\n${this.hasStreams ? streamHelp : ""}`);
    if (noun === "skills") return said(JSON.stringify({ workspaceDir: this.workspace, skills: [] }));
    if (!this.isGatewayUp) return failed(gatewayDown);
    if (verb === this.refuses) return failed("triggers are disabled");
    switch (verb) {
      case "list":
        return said(JSON.stringify({ jobs: this.jobs }));
      case "rm":
        this.jobs.splice(0, this.jobs.length, ...this.jobs.filter(({ id }) => id !== args[2]));
        return said(JSON.stringify({ ok: true, removed: true }));
      case "add":
        return said(JSON.stringify(this.#add(args)));
      default:
        return failed(`OpenClaw does not recognize option "${verb}".`);
    }
  }

  #add(args: readonly string[]): object {
    const option = (name: string) => args[args.indexOf(name) + 1] ?? "";
    const declarationKey = option("--declaration-key");
    const old = this.jobs.find((job) => job["declarationKey"] === declarationKey);
    const job: Job = {
      id: old?.id ?? `job-${this.jobs.length + 1}`,
      declarationKey,
      name: option("--name"),
      enabled: true,
      schedule: {
        kind: "stream",
        command: JSON.parse(option("--stream-command")),
        mode: option("--stream-mode"),
        match: option("--stream-match"),
      },
      sessionTarget: option("--session"),
      wakeMode: option("--wake"),
      payload: { kind: "systemEvent", text: option("--system-event") },
    };
    if (old) Object.assign(old, job);
    else this.jobs.push(job);
    return { created: old === undefined, job };
  }
}

const streamHelp = "  --stream-command <json>          Stream source argv as a JSON array of strings\n";

const gatewayDown =
  "Gateway not reachable at ws://127.0.0.1:18931 (ECONNREFUSED).\nStart it with `openclaw gateway run`.";

function said(stdout: string): Ran {
  return { kind: "ended", status: 0, stdout, stderr: "" };
}

function failed(message: string): Ran {
  const stdout = JSON.stringify({ ok: false, error: { type: "cli_error", message } });
  return { kind: "ended", status: 1, stdout, stderr: "[sqlite/transaction] slow SQLite transaction hold\n" };
}
