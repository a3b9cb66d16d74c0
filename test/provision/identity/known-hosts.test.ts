import { expect, test } from "vitest";

import { places } from "../../../provision/places.ts";
import type { Wanted } from "../../../provision/wanted.ts";
import { ModelWorld } from "../model-world.ts";
import { play, provisioned } from "../play.ts";
import { wantedInCloud } from "../wanted.ts";

/** A worker that was made where an API told the host's keys, for runs from where none does. */
async function madeElsewhere(knownHosts: string[]): Promise<ModelWorld> {
  const made = await provisioned(new ModelWorld(wantedInCloud()));
  const repository: Wanted["repository"] = { ...made.wanted.repository, keys: "hands", knownHosts };
  const world = new ModelWorld({ ...made.wanted, repository });
  world.machine = made.machine;
  Object.assign(world.cloud, made.cloud);
  return world;
}

test("the keys by which the worker reaches the repository stay when nobody tells us others", async () => {
  const world = await madeElsewhere(["github.com ecdsa AAAAE2Hub"]);
  expect((await play(world)).applied?.changed).toEqual([]);
});

test("keys by which it gets nowhere make room for those that this machine knows", async () => {
  const world = await madeElsewhere(["github.com ecdsa AAAAE2Hub"]);
  const { machine } = world;
  if (!machine) throw new Error("there is no machine");
  const file = () => machine.state.files[places.knownHosts]?.sha256;
  const old = file();
  machine.askRepository = () =>
    file() === old ? { refused: "Host key verification failed." } : { head: "1234abcd" };
  expect((await play(world)).applied?.changed).toEqual(["identity.known-hosts"]);
});
