import { pinnedNode } from "../../../provision/pins.ts";
import { main, mainOf } from "../../../src/cli/program.ts";
import { realWorld } from "../../../src/wire.ts";
import type { World } from "../../../src/wire/world.ts";

// What bin/ does, with one difference. The mirror of the tests has a Node that was packed here: its bytes, and with them
// its SHA-256, are not those that our release knows. The test says what they are.
const [command = "", ...args] = process.argv.slice(2);
const { PAWL_TEST_NODE_SHA256: sha256 = "" } = process.env;
const world = realWorld();
const withOurNode: World = {
  ...world,
  async provisioning(config) {
    return { ...(await world.provisioning(config)), pinnedNode: ourNode };
  },
};
process.exitCode =
  command === "pawl" ? await main(args, world) : await mainOf(command as "worker-status", args, withOurNode);

function ourNode(mirror?: string): ReturnType<typeof pinnedNode> {
  const { version, downloads } = pinnedNode(mirror);
  const { x86_64, aarch64 } = downloads;
  return { version, downloads: { x86_64: { ...x86_64, sha256 }, aarch64: { ...aarch64, sha256 } } };
}
