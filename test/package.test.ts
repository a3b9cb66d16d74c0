import { execFile, execFileSync, spawnSync } from "node:child_process";
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
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { digitalOceanServer } from "./support/digitalocean-server/server.ts";

const folder = mkdtempSync(join(tmpdir(), "pawl-package-"));
const cloudFolder = join(folder, "installed", "node_modules", "pawl", "dist", "src", "adapters", "cloud");
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

  test("has DigitalOcean's library inside, and with it an axios of today", () => {
    const bundle = readFileSync(join(cloudFolder, "digitalocean", "sdk.js"), "utf8");
    const versions = [...bundle.matchAll(/\bVERSION\d* = "(\d+)\.(\d+)\.\d+"/g)].map(([, ...parts]) =>
      parts.map(Number),
    );
    expect(versions).toHaveLength(1);
    const [major = 0, minor = 0] = versions[0] ?? [];
    expect(major === 1 ? minor : major * 1000).toBeGreaterThanOrEqual(15);
    const packages = readdirSync(join(folder, "installed", "node_modules"));
    expect(packages.filter((name) => /^(axios|follow-redirects|digitalocean-js)$/.test(name))).toEqual([]);
    const licenses = readFileSync(join(cloudFolder, "digitalocean", "sdk.licenses.txt"), "utf8");
    for (const name of ["axios", "digitalocean-js", "follow-redirects", "form-data"]) {
      expect(licenses).toContain(`=== ${name} `);
    }
  });

  test("talks with DigitalOcean", async () => {
    await using server = await digitalOceanServer();
    server.account.addForeign("web", 30);
    const program = [
      `const { openProvider } = await import(${JSON.stringify(join(cloudFolder, "open-provider.js"))});`,
      "const clock = { now: () => new Date(), monotonicMs: () => 0, sleep: () => Promise.resolve() };",
      'const provider = await openProvider("digitalocean", { env: process.env, clock, chance: () => 0, userAgent: "pawl" });',
      'const found = await provider.find("web");',
      'const order = { region: "nyc3", size: "s-1vcpu-1gb", image: "debian-12-x64", keys: [], userData: "" };',
      "const full = await provider.create({ name: 'w', ...order }).catch(({ code }) => code);",
      "console.log(JSON.stringify([found.length, full]));",
    ].join("\n");
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, DO_API_TOKEN: server.token, DO_API_URL: server.url },
    });
    expect(JSON.parse(stdout)).toEqual([30, "CLOUD_QUOTA"]);
    expect(server.complaints).toEqual([]);
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
  const folders = [
    "src",
    "bin",
    "worker",
    "provision",
    "packaging",
    "coordination-template",
    "docs",
    "examples",
  ];
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
