import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "pawl-package-"));
const commands = join(folder, "installed", "node_modules", ".bin");

describe("the published package", { tags: ["slow"] }, () => {
  beforeAll(() => install(pack()), 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("knows its version", () => {
    expect(run("pawl", "--version")).toEqual({ code: 0, out: `${manifest().version}\n`, err: "" });
  });

  test("explains itself", () => {
    expect(run("pawl", "--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("Usage: pawl"),
      err: "",
    });
  });

  test.each(Object.keys(manifest().bin))("installs %s so that its name starts it", (command) => {
    expect(run(command, "--help").code).toBe(0);
  });

  test("says in one plain line which Node it needs, when started on an older one", () => {
    const { code, out, err } = run("pawl", "--version", olderNode());
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^pawl needs Node 24 or newer; this is Node \d+\.\d+\.\d+ \(.*\)\. .+\n$/);
  });

  test("carries neither tests nor the adapters that only tests use, and no maps of sources it has not", () => {
    expect(installed().filter((file) => /(^|\/)(test|bench|memory)\/|\.test\.|\.map$/.test(file))).toEqual(
      [],
    );
  });

  test("carries what its README points to", () => {
    expect(installed()).toEqual(
      expect.arrayContaining(["docs/cli.md", "docs/demo.svg", "examples/pawl.config.yaml"]),
    );
  });
});

function installed(): string[] {
  return readdirSync(join(folder, "installed", "node_modules", "pawl"), { recursive: true }).map(String);
}

/** Packs a copy, because a build in the checkout would get in the way of whoever works there. */
function pack(): string {
  const copy = join(folder, "checkout");
  mkdirSync(copy);
  const parts = [
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
  ];
  const folders = ["src", "bin", "worker", "provision", "coordination-template", "docs", "examples"];
  for (const part of [...parts, ...folders].filter((name) => existsSync(name))) {
    cpSync(part, join(copy, part), { recursive: true });
  }
  symlinkSync(join(process.cwd(), "node_modules"), join(copy, "node_modules"));
  execFileSync("npm", ["pack", "--pack-destination", folder], { cwd: copy, stdio: "pipe" });
  return join(folder, `pawl-${manifest().version}.tgz`);
}

function install(tarball: string): void {
  const cwd = join(folder, "installed");
  mkdirSync(cwd);
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock"];
  execFileSync("npm", ["install", "--prefix", cwd, ...quiet, tarball], { cwd, stdio: "pipe" });
}

function manifest(): { version: string; bin: Record<string, string> } {
  return JSON.parse(readFileSync("package.json", "utf8"));
}

function run(command: string, argument: string, surroundings: NodeJS.ProcessEnv = onNode(process.execPath)) {
  const { error, status, stdout, stderr } = spawnSync(join(commands, command), [argument], {
    env: surroundings,
    encoding: "utf8",
  });
  if (error) throw error;
  return { code: status, out: stdout, err: stderr };
}

/** The system's own Node where it is old enough, and otherwise ours under a false name. */
function olderNode(): NodeJS.ProcessEnv {
  const installed = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, "node"))
    .find((node) => existsSync(node) && majorOf(node) < 24);
  if (installed !== undefined) return onNode(installed);
  const disguise = 'Object.defineProperty(process.versions, "node", { value: "20.0.0" })';
  return {
    ...onNode(process.execPath),
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(disguise)}`,
  };
}

function majorOf(node: string): number {
  return Number.parseInt(execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }), 10);
}

function onNode(node: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [dirname(node), process.env["PATH"]].join(delimiter) };
}
