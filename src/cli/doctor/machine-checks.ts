import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

import type { Config } from "../../config/settle.ts";
import { Fault } from "../../fault.ts";
import type { Probe } from "../../wire/probe.ts";
import type { Cli } from "../cli.ts";
import { bad, ok, warn, type Finding } from "./finding.ts";

const neededNode = 24;
/** From here on a push tells for each ref how it went in a form that does not change. */
const neededGit = [2, 36] as const;

export async function checkMachine(_cli: Cli, probe: Probe): Promise<Finding[]> {
  const node = Number.parseInt(process.versions.node, 10);
  return [
    node >= neededNode
      ? ok("Node", process.versions.node)
      : bad("Node", process.versions.node, `Install Node ${neededNode} or newer.`),
    await checkGit(probe),
  ];
}

async function checkGit(probe: Probe): Promise<Finding> {
  try {
    const version = await probe.gitVersion();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const isNew = major > neededGit[0] || (major === neededGit[0] && minor >= neededGit[1]);
    return isNew ? ok("git", version) : bad("git", version, `Install git ${neededGit.join(".")} or newer.`);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return bad("git", error.message, error.hint);
  }
}

export async function checkConfigFile(cli: Cli, config: Config, probe: Probe): Promise<Finding[]> {
  const { source, name, remote, branch, secrets } = config;
  const findings = [
    ok("configuration", `${source ?? "from the environment"}: ${name} on ${remote}, branch ${branch}`),
  ];
  if (source !== undefined && (await probe.isTracked(source))) {
    findings.push(
      warn(
        "configuration",
        `${source} is part of a repository: whoever can push to it decides what runs here`,
        `Take it out with \`git rm --cached ${source}\` and name it in .git/info/exclude.`,
      ),
    );
  }
  if (source !== undefined && (statSync(source).mode & 0o022) !== 0) {
    findings.push(
      warn("configuration", `${source} can be changed by other users`, `Run \`chmod go-w ${source}\`.`),
    );
  }
  for (const variable of secrets.env.filter((one) => !cli.world.around.env[one])) {
    findings.push(
      warn(
        "secrets",
        `${variable} is not set here`,
        "Set it where the nodes are started, or take it off secrets.env.",
      ),
    );
  }
  for (const path of secrets.files.filter((one) => !isReadable(one))) {
    findings.push(bad("secrets", `${path} cannot be read`, "Correct secrets.files, or the file's owner."));
  }
  return [...findings, ...sshFindings(config), ...(await stateFindings(config))];
}

function sshFindings({ ssh }: Config): Finding[] {
  return [ssh.key, ssh.knownHosts].flatMap((path): Finding[] => {
    if (path === undefined) return [];
    return isReadable(path)
      ? [ok("ssh", path)]
      : [bad("ssh", `${path} cannot be read`, "Correct it under ssh in the configuration.")];
  });
}

async function stateFindings({ state }: Config): Promise<Finding[]> {
  const probe = join(state, "doctor");
  try {
    await mkdir(state, { recursive: true, mode: 0o700 });
    await writeFile(probe, "");
    await readFile(probe);
    await rm(probe);
  } catch (error) {
    return [
      bad(
        "state folder",
        `${state} cannot be written: ${(error as Error).message}`,
        "Correct its owner, or set `state` to another folder.",
      ),
    ];
  }
  const { bavail, bsize } = statfsSync(state);
  const free = `${((bavail * bsize) / 1e9) | 0 || "less than 1"} GB free`;
  return [
    ok("state folder", state),
    bavail * bsize > 1e9
      ? ok("disk", free)
      : warn("disk", `${free} for ${state}`, "Make room; results wait in the spool until there is some."),
  ];
}

/** Whether what the configuration offers could be started here: no matter on a machine that only asks. */
export async function checkExecutors(cli: Cli, config: Config): Promise<Finding[]> {
  const { executors, worker } = config;
  const wanted = worker.executors;
  return Object.entries(executors).flatMap(([name, executor]): Finding[] => {
    if (wanted && !wanted.includes(name)) return [];
    const [first] = executor.kind === "template" ? executor.argv.flat() : [];
    const program = executor.kind === "openclaw" ? (executor.bin ?? "openclaw") : (first ?? "sh");
    const about = `executor`;
    const found = findOnPath(program, cli.world.around.env["PATH"] ?? "");
    if (found !== undefined) return [ok(about, `${name}: ${found}`)];
    const seen = `${name}: there is no ${program} on the PATH`;
    const todo = "Install it on machines that run a worker; a machine that only submits does not need it.";
    return [wanted ? bad(about, seen, todo) : warn(about, seen, todo)];
  });
}

function findOnPath(program: string, path: string): string | undefined {
  const places = program.includes("/")
    ? [program]
    : path.split(delimiter).map((folder) => join(folder, program));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return statSync(place).isFile();
    } catch {
      return false;
    }
  });
}

function isReadable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
