import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { ProgramFolders } from "../../../src/adapters/child-process/program-folders.ts";

describe("the folders of the programs on a PATH", () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "pawl-path-")));
    mkdirSync(join(root, "home/ada"), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("are none outside of what is hidden", () => {
    program("usr/bin/tool");
    expect(found("usr/bin")).toEqual([]);
  });

  test("have with nvm, an npm prefix, a venv and the like the whole of it", () => {
    program("home/ada/.nvm/versions/node/v24/bin/node");
    program("home/ada/.pyenv/shims/python");
    expect(found("home/ada/.nvm/versions/node/v24/bin", "home/ada/.pyenv/shims")).toEqual([
      "home/ada/.nvm/versions/node/v24/bin",
      "home/ada/.nvm/versions/node/v24",
      "home/ada/.pyenv/shims",
      "home/ada/.pyenv",
    ]);
  });

  test("have of ~/.local and ~/.cargo only programs and their libraries", () => {
    program("home/ada/.local/bin/tool");
    program("home/ada/.cargo/bin/cargo");
    expect(found("home/ada/.local/bin", "home/ada/.cargo/bin")).toEqual([
      "home/ada/.local/bin",
      "home/ada/.local/lib",
      "home/ada/.cargo/bin",
      "home/ada/.cargo/lib",
    ]);
  });

  test("have of the home itself nothing but its bin", () => {
    program("home/ada/bin/tool");
    expect(found("home/ada/bin")).toEqual(["home/ada/bin"]);
  });

  test("have the package of a program that is linked into them", () => {
    program("home/ada/tools/lib/node_modules/agent/dist/cli.js");
    program("home/ada/.local/share/pipx/venvs/agent/bin/agent");
    program("home/ada/.local/share/agent/versions/1.2.3");
    link("usr/bin/one", "home/ada/tools/lib/node_modules/agent/dist/cli.js");
    link("usr/bin/three", "home/ada/.local/share/agent/versions/1.2.3");
    link("usr/bin/two", "home/ada/.local/share/pipx/venvs/agent/bin/agent");
    expect(found("usr/bin").toSorted()).toEqual([
      "home/ada/.local/share/agent/versions",
      "home/ada/.local/share/pipx/venvs/agent",
      "home/ada/.local/share/pipx/venvs/agent/bin",
      "home/ada/tools/lib/node_modules",
    ]);
  });

  test("follow a link that was changed", () => {
    const folders = new ProgramFolders();
    program("home/ada/one/tool");
    program("home/ada/two/tool");
    link("home/ada/current", "home/ada/one");
    link("usr/bin/tool", "home/ada/current/tool");
    expect(foundBy(folders, "usr/bin")).toEqual(["home/ada/one"]);
    rmSync(join(root, "home/ada/current"));
    link("home/ada/current", "home/ada/two");
    expect(foundBy(folders, "usr/bin")).toEqual(["home/ada/two"]);
  });

  test("are neither the home, nor what is above it, nor what the worker hides", () => {
    program("home/ada/.state/bin/tool");
    program("home/ada/script");
    expect(found("home/ada", "home", "home/ada/.state/bin", "no/such/folder")).toEqual([]);
  });

  function found(...path: string[]): string[] {
    return foundBy(new ProgramFolders(), ...path);
  }

  function foundBy(folders: ProgramFolders, ...path: string[]): string[] {
    return folders
      .on(path.map((folder) => join(root, folder)).join(":"), {
        home: join(root, "home/ada"),
        emptied: [join(root, "home"), join(root, "home/ada")],
        hidden: [join(root, "home/ada/.state")],
      })
      .map((folder) => relative(root, folder));
  }

  function program(name: string): void {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), "", { mode: 0o755 });
  }

  function link(name: string, to: string): void {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    symlinkSync(join(root, to), join(root, name));
  }
});
