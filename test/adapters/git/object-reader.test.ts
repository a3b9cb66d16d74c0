import { describe, expect, test } from "vitest";

import { gitEnvironment } from "../../../src/adapters/git/environment.ts";
import { ObjectReader } from "../../../src/adapters/git/object-reader.ts";
import { Fault } from "../../../src/fault.ts";
import { pidsWith } from "../../support/processes.ts";
import { Repos } from "../../support/repos.ts";

describe("objects that are wanted together", { tags: ["slow"] }, () => {
  test("are each what its name says, also those that do not exist", async () => {
    await using repos = await Repos.make();
    const texts = Array.from({ length: 500 }, (_, n) => `${n} `.repeat(n + 1));
    const names = texts.map((text) => blob(repos, text));
    await using reader = readerOf(repos);
    const nothing = "1".repeat(40);
    const objects = await Promise.all([...names, nothing, "refs/heads/none"].map((one) => reader.read(one)));
    expect(objects.map((object) => object?.body.toString())).toEqual([...texts, undefined, undefined]);
  });

  test("do not suffer for one among them that is too large", async () => {
    await using repos = await Repos.make();
    const [one, large, other] = ["one", "x".repeat(17 * 1024 * 1024), "other"].map((text) =>
      blob(repos, text),
    );
    await using reader = readerOf(repos);
    const reads = [one, large, other, large, one].map((name) => textOf(reader, name));
    expect(await Promise.all(reads)).toEqual(["one", "FILE_TOO_LARGE", "other", "FILE_TOO_LARGE", "one"]);
  });

  test("are asked of another process when somebody ends the one", async () => {
    await using repos = await Repos.make();
    const names = Array.from({ length: 200 }, (_, n) => blob(repos, `${n}`));
    await using reader = readerOf(repos);
    await reader.read(names[0] ?? "");
    const reads = Promise.all(names.map((name) => reader.read(name)));
    for (const pid of pidsWith(`GIT_DIR=${repos.hub}`)) process.kill(pid, "SIGKILL");
    expect((await reads).map((object) => object?.body.toString())).toEqual(names.map((_, n) => `${n}`));
  });
});

function readerOf({ hub }: Repos): ObjectReader {
  const env = { ...gitEnvironment({}), GIT_DIR: hub };
  return new ObjectReader(env, { remote: hub, cache: hub }, 10_000);
}

async function textOf(reader: ObjectReader, name = ""): Promise<string | undefined> {
  try {
    return (await reader.read(name))?.body.toString();
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

function blob(repos: Repos, text: string): string {
  return repos.git(["hash-object", "-w", "--stdin"], Buffer.from(text)).toString().trim();
}
