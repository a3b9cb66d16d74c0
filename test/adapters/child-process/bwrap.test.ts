import { join } from "node:path";

import { BwrapTaskProcess } from "../../../src/adapters/child-process/bwrap.ts";
import { PlainTaskProcess } from "../../../src/adapters/child-process/plain.ts";
import { describeTaskProcess } from "../../contracts/task-process.ts";
import { needs } from "../../support/require.ts";
import { homedir } from "node:os";

if (needs("bwrap", "bubblewrap")) {
  const confinement = { home: homedir(), hidden: [], readOnly: [], writable: [] };
  const make = (owner: string) =>
    new BwrapTaskProcess(new PlainTaskProcess(owner, { leftoverGraceMs: 100 }), confinement);

  describeTaskProcess("a child in bwrap", {
    make,
    supervisor: join(import.meta.dirname, "../../fixtures/programs/bwrap-supervisor.mjs"),
    findsEscaped: true,
    diesWithSupervisor: true,
  });
}
