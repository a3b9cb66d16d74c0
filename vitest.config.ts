import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // Real git and real processes: more workers than this only makes them wait for each other.
    maxWorkers: 2,
    watch: false,
    testTimeout: 10_000,
    hookTimeout: 60_000,
    strictTags: true,
    tags: [
      { name: "slow", description: "starts git or other processes", timeout: 60_000 },
      { name: "droplet", description: "sets up a whole machine", timeout: 600_000, priority: 1 },
      { name: "openclaw", description: "runs a real OpenClaw", timeout: 600_000, priority: 1 },
    ],
  },
});
