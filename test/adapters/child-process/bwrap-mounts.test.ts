import { expect, describe, test } from "vitest";

import { argsOf, inOrder, isInside, type Mount } from "../../../src/adapters/child-process/bwrap-mounts.ts";

const home: Mount = { at: "/home/ada", as: "own", from: "/state/work/home", isAlias: false };
const homes: Mount = { at: "/home", as: "empty" };

describe("the mounts of a task", () => {
  test("are made from the outside in, whatever order they are named in", () => {
    const workspace = shown("/home/ada/.state/work/T-1", "writable");
    expect(places([workspace, home, homes])).toEqual(["/home", "/home/ada", "/home/ada/.state/work/T-1"]);
  });

  test("hide what lies in something that is shown", () => {
    const folder = shown("/home/ada/things", "read-only");
    const secret: Mount = { at: "/home/ada/things/secret", as: "blank-file" };
    expect(places([homes, folder, secret])).toEqual(["/home", "/home/ada/things", "/home/ada/things/secret"]);
  });

  test("do not hide what is not there anyway", () => {
    expect(places([homes, home, { at: "/home/ada/.ssh", as: "empty" }])).toEqual(["/home", "/home/ada"]);
  });

  test("do not show what can be seen anyway", () => {
    expect(places([shown("/opt/tool", "read-only")])).toEqual([]);
    const [whole, part] = [shown("/home/ada/own", "read-only"), shown("/home/ada/own/bin", "read-only")];
    expect(places([homes, part, whole])).toEqual(["/home", "/home/ada/own"]);
  });

  test("let the later one count of two for the same place", () => {
    const kept: Mount = { at: "/tmp", as: "own", from: "/state/tmp", isAlias: false };
    expect(inOrder([{ at: "/tmp", as: "empty" }, kept])).toEqual([kept]);
  });

  test("show something under the name of a link only where the link itself is hidden", () => {
    const alias: Mount = { at: "/srv/link", as: "writable", from: "/data/real", isAlias: true };
    expect(places([alias])).toEqual([]);
    expect(places([{ at: "/srv", as: "empty" }, alias])).toEqual(["/srv", "/srv/link"]);
  });

  test("make a hidden file an empty one that cannot be written", () => {
    expect(argsOf({ at: "/etc/pawl.yaml", as: "blank-file" })).toEqual([
      "--ro-bind",
      "/dev/null",
      "/etc/pawl.yaml",
    ]);
  });
});

test.each([
  ["/a/b", "/a", true],
  ["/a", "/a", true],
  ["/ab", "/a", false],
  ["/", "/a", false],
  ["/a/..b", "/a", true],
])("%s inside of %s: %s", (path, folder, expected) => {
  expect(isInside(path, folder)).toBe(expected);
});

function shown(at: string, as: "read-only" | "writable"): Mount {
  return { at, as, from: at, isAlias: false };
}

function places(mounts: Mount[]): string[] {
  return inOrder(mounts).map(({ at }) => at);
}
