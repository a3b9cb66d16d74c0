import { describe, expect, test } from "vitest";

import { brokenByMail, mail } from "./mail.ts";

const kills = Number(process.env["PAWL_MAIL_KILLS"] ?? (process.env["CI"] === "true" ? 20 : 6));
const seed = Math.floor(Math.random() * 1_000_000);

describe("main that is killed while it brings events to people", { tags: ["slow"] }, () => {
  test(
    `loses nothing, doubles nothing on Discord and marks what it repeats on Telegram in ${kills} kills (seed ${seed})`,
    { timeout: 300_000 + kills * 10_000 },
    async () => {
      const report = await mail({ kills, events: kills * 2, seed });
      expect(brokenByMail(report)).toEqual([]);
      expect(report.shownOnDiscord).toBe(report.events);
    },
  );
});
