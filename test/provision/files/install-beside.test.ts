import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { script, stepFault } from "../../../provision/scripts.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pawl-install-beside-"));
  mkdirSync(join(root, "node/current/bin"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** `npm` is a shell script's lines; `$prefix` is where it is to install to. */
function install(npm: string, { version = "2026.9.6", kills = "0" } = {}) {
  const stub = `#!/bin/sh\necho called >>${root}/calls\nwhile [ "$1" != --prefix ]; do shift; done\nprefix=$2\n${npm}\n`;
  writeFileSync(join(root, "node/current/bin/npm"), stub, { mode: 0o755 });
  const text = script("openclaw", { version, registry: "http://registry.invalid/" })
    .replaceAll("'/opt/", `'${root}/`)
    .replace("awk '$1 == \"oom_kill\" { print $2 }' /proc/vmstat", kills === "0" ? "echo 0" : kills);
  const { status, stdout, stderr } = spawnSync("sh", ["-c", text], { encoding: "utf8" });
  return status === 0
    ? undefined
    : stepFault("runtime.openclaw", { status: status ?? 255, output: stdout + stderr });
}

const works = (said: string) =>
  `mkdir -p $prefix/bin && printf '#!/bin/sh\\necho "%s"\\n' '${said}' >$prefix/bin/openclaw && chmod +x $prefix/bin/openclaw`;
const beside = () => readdirSync(join(root, "openclaw")).toSorted();

describe("installing a package of npm beside others", { tags: ["slow"] }, () => {
  test("ends with a mark, and with the mark there is nothing to do", () => {
    expect(install(works("OpenClaw 2026.9.6 (eb377ac)"))).toBeUndefined();
    expect(existsSync(join(root, "openclaw/2026.9.6/.complete"))).toBe(true);
    expect(install("exit 1")).toBeUndefined();
    expect(readFileSync(join(root, "calls"), "utf8")).toBe("called\n");
    expect(install(works("OpenClaw 2026.10.1"), { version: "2026.10.1" })).toBeUndefined();
    expect(beside()).toEqual(["2026.10.1", "2026.9.6"]);
  });

  test("begins anew where another run was cut off", () => {
    mkdirSync(join(root, "openclaw/2026.9.6/half"), { recursive: true });
    mkdirSync(join(root, "openclaw/.new-2026.9.6/half"), { recursive: true });
    expect(install(works("OpenClaw 2026.9.6"))).toBeUndefined();
    expect(existsSync(join(root, "openclaw/2026.9.6/half"))).toBe(false);
    expect(beside()).toEqual(["2026.9.6"]);
  });

  test("tells a registry that failed from a kernel that ended npm", () => {
    expect(install("echo 'npm error network' >&2; exit 1")).toMatchObject({ code: "NPM_FAILED" });
    const kills = `{ echo x >>${root}/kills; wc -l <${root}/kills; }`;
    expect(install("exit 137", { kills })).toMatchObject({
      code: "NPM_OOM",
      message: expect.stringContaining("the kernel ended npm for want of memory") as string,
    });
    expect(beside()).toEqual([]);
  });

  test("takes no program that is another version, nor one that does not run", () => {
    for (const said of ["OpenClaw 2026.9.60", "OpenClaw 12026.9.6", "2026-9-6"]) {
      expect(install(works(said))).toMatchObject({
        code: "STEP_FAILED",
        message: expect.stringContaining(said) as string,
      });
    }
    expect(install(`${works("x")}; echo 'exit 3' >$prefix/bin/openclaw`)?.message).toContain(
      "does not run here",
    );
    expect(existsSync(join(root, "openclaw/2026.9.6"))).toBe(false);
  });

  test("needs Node first", () => {
    rmSync(join(root, "node/current"), { recursive: true });
    mkdirSync(join(root, "node/current/bin"), { recursive: true });
    const text = script("openclaw", { version: "1.0.0" }).replaceAll("'/opt/", `'${root}/`);
    const { status, stderr } = spawnSync("sh", ["-c", text], { encoding: "utf8" });
    expect({ status, stderr }).toMatchObject({
      status: 49,
      stderr: expect.stringContaining("needs Node") as string,
    });
  });
});
