import type { FaultCode } from "../../src/fault.ts";
import type { Facts, MachineFacts } from "../facts.ts";
import { ownedFiles, wrongFiles, type FileGroup } from "../owned-files.ts";
import { manifest } from "../scripts.ts";
import type { Action, Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";
import { onMachine, right, shortScript, work } from "./verdicts.ts";

type About = Pick<Step, "id" | "phase" | "sentence" | "after" | "isAsked"> & { codes?: readonly FaultCode[] };

/** A step that is right when the files of a group are as they should be, and `also`, if given, is content. */
export function fileStep(
  group: FileGroup,
  about: About,
  also: (machine: MachineFacts, wanted: Wanted, facts: Facts) => Verdict = () => right,
): Step {
  return {
    risk: "free",
    codes: ["STEP_FAILED"],
    ...about,
    check: onMachine((machine, wanted, facts) => {
      const wrong = checkFiles(group, machine, wanted, facts);
      return wrong.is === "right" ? also(machine, wanted, facts) : wrong;
    }),
    apply: (facts, wanted) => [writeFiles(group, facts, wanted)],
  };
}

export function checkFiles(group: FileGroup, machine: MachineFacts, wanted: Wanted, facts: Facts): Verdict {
  const wrong = wrongFiles(ownedFiles(group, wanted, facts), machine);
  const [missing, changed] = [
    wrong.filter((path) => !machine.files[path]),
    wrong.filter((path) => machine.files[path]),
  ];
  const said = [
    missing.length > 0 && `missing: ${missing.join(", ")}`,
    changed.length > 0 && `not as it should be: ${changed.join(", ")}`,
  ].filter((part) => part !== false);
  return said.length === 0 ? right : work(said.join("; "));
}

/** All files of the group in one round trip, and whoever has to read them again is told in the same. */
export function writeFiles(group: FileGroup, facts: Facts, wanted: Wanted): Action {
  return shortScript({ name: "write-files", values: {} }, manifest(ownedFiles(group, wanted, facts)));
}
