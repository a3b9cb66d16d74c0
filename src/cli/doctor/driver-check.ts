import type { Config } from "../../config/settle.ts";
import type { Probe } from "../../wire/probe.ts";
import type { Cli } from "../cli.ts";
import { bad, type Finding, ok, warn } from "./finding.ts";

/** What keeps a running task together and apart, and what would do it better. */
export async function checkDriver(cli: Cli, config: Config, probe: Probe): Promise<Finding> {
  const { driver, shortcomings } = await probe.driver(config, cli.world.around);
  const { sandbox } = config.worker;
  const about = "isolation";
  const find = (what: string) => shortcomings.find(({ of }) => of === what);
  const [noSandbox, noLimits, noCgroup] = [find("sandbox"), find("limits"), find("cgroup")];
  if (noSandbox) {
    const level = sandbox.mode === "required" ? bad : warn;
    return level(about, `${driver}: tasks see what you see, because ${noSandbox.why}`, noSandbox.todo);
  }
  if (noLimits) {
    return bad(about, `${driver}: limits cannot be held, because ${noLimits.why}`, noLimits.todo);
  }
  if (sandbox.mode === "off") {
    return warn(
      about,
      `${driver}: tasks see what you see, because worker.sandbox is off`,
      "Set it to auto, unless you trust everybody who can push.",
    );
  }
  if (!noCgroup) return ok(about, driver);
  return { ...ok(about, `${driver}; as seen from here, ${noCgroup.why}`), todo: noCgroup.todo };
}
