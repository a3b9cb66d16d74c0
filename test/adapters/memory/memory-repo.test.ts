import { MemoryHub } from "../../../src/adapters/memory/memory-hub.ts";
import { decodeText, encodeText } from "../../../src/format/bytes.ts";
import { describeSharedRepo, type World } from "../../contracts/shared-repo.ts";
import { HandClock } from "../../support/hand-clock.ts";
import type { Files } from "../../support/repos.ts";

describeSharedRepo("MemoryRepo", async (): Promise<World> => {
  const hub = new MemoryHub();
  const clock = new HandClock();
  const plant = (files: Files) => {
    const texts = Object.entries(files).map(([path, content]) => [path, textOf(content)] as const);
    const [newest] = hub.ancestry(hub.head);
    hub.swap(hub.head, {
      files: new Map([...(newest?.files ?? []), ...texts]),
      message: "planted",
      author: "Somebody",
      at: clock.now().toISOString(),
    });
  };
  plant({ "README.md": "# Ledger\n" });
  return {
    plant,
    open: async (name) => hub.open(name, clock),
    rewind() {
      const [, previous] = hub.ancestry(hub.head);
      hub.head = previous?.commit;
      plant({ "REWOUND.md": "history was replaced\n" });
    },
    rewindTo(commit) {
      hub.head = commit;
    },
    lockBeat: (worker) => void hub.lockedBeats.add(worker),
    bytes(path) {
      const [newest] = hub.ancestry(hub.head);
      return encodeText(newest?.files.get(path) ?? "");
    },
    async [Symbol.asyncDispose]() {},
  };
});

function textOf(content: string | Uint8Array): string {
  return typeof content === "string" ? content : decodeText(content);
}
