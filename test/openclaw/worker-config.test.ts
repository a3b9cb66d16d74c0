import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { workerFiles } from "../../src/openclaw/worker-files.ts";
import { openclawFolder } from "../support/openclaw.ts";

const openclaw = openclawFolder() ?? "";

test.skipIf(openclaw === "")(
  "a real OpenClaw takes the configuration that a worker begins with",
  { tags: ["slow", "openclaw"] },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "pawl-lean-"));
    const path = join(folder, "openclaw.worker.json");
    writeFileSync(path, workerFiles({ openclawPath: path, remote: undefined, name: "w" }).openclaw);
    const { stdout } = spawnSync(join(openclaw, "openclaw"), ["config", "validate", "--json"], {
      encoding: "utf8",
      env: {
        PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
        HOME: folder,
        OPENCLAW_STATE_DIR: join(folder, "state"),
        OPENCLAW_CONFIG_PATH: path,
      },
    });
    rmSync(folder, { recursive: true, force: true });
    expect(JSON.parse(stdout)).toMatchObject({ valid: true });
  },
);
