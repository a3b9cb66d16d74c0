import { createHash } from "node:crypto";
import { dirname, join } from "node:path";

import type { Confinement } from "../adapters/child-process/bwrap-mounts.ts";
import { type Choice, chooseDriver } from "../adapters/child-process/choose-driver.ts";
import { folderOf } from "../config/profile.ts";
import type { Config } from "../config/settle.ts";
import type { Surroundings } from "../config/surroundings.ts";
import { Fault } from "../fault.ts";
import type { TaskProcess } from "../ports/task-process.ts";
import { nodeFolder } from "./node-folder.ts";

/** What attempts are run with on this machine; refuses what the configuration insists on and the machine denies. */
export async function taskDriver(config: Config, around: Surroundings): Promise<TaskProcess> {
  const { processes, shortcomings } = await chooseDriver(ownerOf(config), wishes(config, around));
  for (const { of, why, todo } of shortcomings) {
    if (of === "sandbox" && config.worker.sandbox.mode === "required") {
      throw new Fault("SETTINGS_UNSAFE", `worker.sandbox is required, but there is none here: ${why}`, {
        hint: todo,
      });
    }
    if (of === "limits") {
      throw new Fault("SETTINGS_UNSAFE", `worker.limits cannot be held here: ${why}`, { hint: todo });
    }
  }
  return processes;
}

/** The same without taking anything, for people who ask. */
export async function driverSeen(config: Config, around: Surroundings): Promise<Seen> {
  const owner = `${ownerOf(config)}-look`;
  const { processes, shortcomings } = await chooseDriver(owner, {
    ...wishes(config, around),
    onlyLook: true,
  });
  return { driver: processes.driver, shortcomings };
}

export type Seen = Pick<Choice, "shortcomings"> & { driver: string };

/** Short, because it becomes part of the names of cgroups, and the same in each life of a node. */
export function ownerOf(config: Config): string {
  return createHash("sha256").update(nodeFolder(config, "worker")).digest("hex").slice(0, 12);
}

function wishes(config: Config, around: Surroundings) {
  const { mode } = config.worker.sandbox;
  return {
    confinement: mode === "off" ? undefined : confinementOf(config, around),
    limits: config.worker.limits,
  };
}

function confinementOf(
  { source, state, remote, ssh, secrets, worker }: Config,
  around: Surroundings,
): Confinement {
  const hidden: (string | undefined)[] = [
    // With those of other ledgers.
    dirname(state),
    source,
    ssh.key,
    ...secrets.files,
    join(around.home, ".ssh"),
    // The ledger of a hub on this machine has everybody's tasks in it.
    folderOf(remote),
    around.env["CREDENTIALS_DIRECTORY"],
    around.env["SSH_AUTH_SOCK"],
  ];
  return {
    home: around.home,
    hidden: hidden.flatMap((path) => path || []),
    readOnly: worker.sandbox.readOnly,
    writable: worker.sandbox.writable,
  };
}
