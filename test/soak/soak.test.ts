import { describe, expect, test } from "vitest";

import { broken, soak } from "./soak.ts";

const kills = Number(process.env["PAWL_SOAK_KILLS"] ?? (process.env["CI"] === "true" ? 50 : 8));
const seed = Math.floor(Math.random() * 1_000_000);

describe("nodes that are killed, frozen and cut off while they work", { tags: ["slow"] }, () => {
  test(
    `break no promise in ${kills} kills (seed ${seed})`,
    { timeout: 300_000 + kills * 10_000 },
    async () => {
      const report = await soak({ kills, seed });
      expect(broken(report)).toEqual([]);
      expect(report.tasks).toBeGreaterThan(0);
    },
  );
});
