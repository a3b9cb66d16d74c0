import * as z from "zod";

import { Duration } from "../core/duration.ts";

/** What several parts of the configuration are made of. */
export const Time = Duration.refine((seconds) => seconds > 0, "must be longer than nothing").meta({
  examples: ["90s", "15m", "2h"],
});

export const Text = z.string().trim().min(1, "must not be empty");

export const FileName = Text.meta({ examples: ["~/.ssh/pawl", "secrets/telegram"] });

export const Variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable")
  .meta({ examples: ["TELEGRAM_TOKEN"] });
