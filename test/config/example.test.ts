import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { loadConfig } from "../../src/config/load.ts";
import { ConfigFile } from "../../src/config/schema.ts";

const example = join(import.meta.dirname, "../../examples/pawl.config.yaml");

test("the example is a configuration in good order", () => {
  const around = { cwd: "/", home: "/home/you", hostname: "box", env: {} };
  expect(loadConfig(around, example)).toMatchObject({
    remote: "/srv/pawl/hub.git",
    name: "worker-1",
    executors: { claude: { kind: "template" } },
  });
});

test("the example names every key there is", () => {
  const text = readFileSync(example, "utf8");
  const worker = ConfigFile.shape.worker.unwrap().shape;
  const keys = [...Object.keys(ConfigFile.shape), ...Object.keys(worker)].filter((key) => key !== "$schema");
  expect(keys.filter((key) => !new RegExp(`^ *${key}:`, "m").test(text))).toEqual([]);
});
