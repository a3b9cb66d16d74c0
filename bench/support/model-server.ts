import { startFakeModel } from "../../test/support/fake-model.ts";

/** A process of its own, so that what the model costs is not taken for ours. */
const model = await startFakeModel();
process.send?.(model.address);
process.once("disconnect", () => process.exit());
