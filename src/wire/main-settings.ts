import type { Config } from "../config/settle.ts";
import type { MainSettings } from "../main/run-main.ts";

export function mainSettings(config: Config, version: string): MainSettings {
  const { name, pollSeconds, pace, keepResults, defaults, schedules, remote } = config;
  return {
    name,
    pollSeconds,
    pace,
    keepResults,
    defaults,
    schedules,
    remote,
    version,
  };
}
