import type { Config } from "../../config/settle.ts";
import { durationText } from "../../core/duration.ts";
import { longestHang } from "../../core/watchdog.ts";
import type { Probe } from "../../wire/probe.ts";
import type { Cli } from "../cli.ts";
import { type Finding, ok, warn } from "./finding.ts";

const ended = { systemd: "systemd", own: "a shell of its own" } as const;

/** What ends a worker from outside before others take over the tasks that it still runs. */
export function checkWatchdog(cli: Cli, config: Config, probe: Probe): Finding {
  const about = "watchdog";
  const watchdog = probe.watchdog(config, cli.world.around);
  const seconds = longestHang(watchdog);
  if (watchdog.kind === "none" || seconds === undefined) {
    return warn(
      about,
      "nothing ends a worker that is started from here and hangs, while others take over its tasks",
      "Install bash 4 or newer, or run it by a unit of systemd with Type=notify and WatchdogSec=60.",
    );
  }
  const hangs = `a worker that is started from here and hangs for ${durationText(seconds)}`;
  return ok(about, `${ended[watchdog.kind]} ends ${hangs}`);
}
