import type { NodeName } from "../core/ids.ts";
import type { MachineReport } from "../core/machine-report.ts";
import { durationText } from "../core/duration.ts";
import { stamp } from "../core/stamp.ts";
import type { Cli } from "./cli.ts";

type Options = { unit: string; print?: boolean };

/** Tells the hub how this machine is. It is made to run beside the worker, from a timer: a dead worker reports nothing. */
export async function reportMachine(
  cli: Cli,
  name: NodeName | undefined,
  { unit, print = false }: Options,
): Promise<void> {
  const { world } = cli;
  const config = await cli.config();
  const reports = await world.machineReports(config);
  const report: MachineReport = {
    worker: name ?? config.worker.name,
    at: stamp(world.clock.now()),
    host: world.around.hostname,
    version: world.version(),
    ...(await reports.look(unit)),
  };
  if (!print) await reports.send(report);
  cli.answer({ ...report, sent: !print }, () => told(report));
}

function told({
  worker,
  service,
  upSeconds,
  memoryFreeMb,
  diskFreeMb,
  rebootPending,
}: MachineReport): string {
  const about = service === undefined ? "no service" : `service ${service.active} (${service.sub})`;
  const reboot = rebootPending ? ", a reboot is due" : "";
  const room = `${memoryFreeMb} MB of memory and ${diskFreeMb} MB of disk free`;
  return `The machine of ${worker} is up for ${durationText(upSeconds)}: ${about}, ${room}${reboot}.`;
}
