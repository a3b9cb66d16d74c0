import { machineFacts, type MachineFacts } from "../../../provision/facts.ts";
import { places } from "../../../provision/places.ts";
import {
  type Asked,
  probeScript,
  script,
  type ScriptName,
  type Scripts,
  stepFault,
} from "../../../provision/scripts.ts";
import type { Fault } from "../../../src/fault.ts";
import type { Machine } from "../../support/machine/machine.ts";

/** A machine on which single steps' scripts are carried out, without ssh and without a plan. */
export class SteppedMachine {
  readonly machine: Machine;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** What the script printed; it has to end with 0. */
  async step<Name extends ScriptName>(
    name: Name,
    told: Scripts[Name],
    input: string | Buffer = "",
  ): Promise<string> {
    const { status, stdout, stderr } = await this.machine.run(script(name, told), { input });
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stdout}${stderr}`);
    return stdout;
  }

  /** The fault that a script stands for that ends with something else than 0. */
  async refusal<Name extends ScriptName>(
    name: Name,
    told: Scripts[Name],
    input: string | Buffer = "",
  ): Promise<Fault | undefined> {
    const { status, stdout, stderr } = await this.machine.run(script(name, told), { input });
    return status === 0 ? undefined : stepFault(name, { status, output: `${stdout}${stderr}` });
  }

  async probe(asked: Partial<Asked> = {}): Promise<MachineFacts> {
    const units = [places.worker, places.reportTimer];
    const said = await this.machine.exec(probeScript({ files: [], packages: [], units, ...asked }));
    return machineFacts.parse(JSON.parse(said));
  }
}
