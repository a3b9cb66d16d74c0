import type { Config } from "../config/settle.ts";
import type { NodeName } from "../core/ids.ts";
import type { MachineReport, MachineSeen } from "../core/machine-report.ts";
import { lookAtMachine } from "../adapters/machine/look-at-machine.ts";
import { type NotePlace, readNote, writeNote } from "../adapters/git/note.ts";
import { parseMachineReport, renderMachineReport } from "../format/machine-report.ts";
import { sshCommandOf } from "./ssh-command.ts";

/** What machines report of themselves beside the beats of their workers. */
export type MachineReports = {
  look(unit: string): Promise<MachineSeen>;
  send(report: MachineReport): Promise<void>;
  /** The last one of this worker's machine; undefined when there is none that we can read. */
  read(worker: NodeName): Promise<MachineReport | undefined>;
};

export function machineReports({ remote, ssh, state }: Config): MachineReports {
  const place = (worker: NodeName): NotePlace => ({
    remote,
    ref: `refs/worker/${worker}/machine`,
    sshCommand: sshCommandOf(ssh),
  });
  return {
    look: (unit) => lookAtMachine({ unit, folder: state }),
    send: (report) =>
      writeNote(place(report.worker), renderMachineReport(report), {
        name: report.worker,
        email: `${report.worker}@pawl.invalid`,
      }),
    async read(worker) {
      const text = await readNote(place(worker));
      return text === undefined ? undefined : parseMachineReport(text);
    },
  };
}
