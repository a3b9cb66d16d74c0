import { join } from "node:path";

import { PlainTaskProcess } from "../../../src/adapters/child-process/plain.ts";
import { describeTaskProcess } from "../../contracts/task-process.ts";

describeTaskProcess("a plain child", {
  make: (owner) => new PlainTaskProcess(owner, { leftoverGraceMs: 100 }),
  supervisor: join(import.meta.dirname, "../../fixtures/programs/plain-supervisor.mjs"),
  findsEscaped: process.platform === "linux",
});
