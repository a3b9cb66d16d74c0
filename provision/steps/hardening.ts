import type { MachineFacts } from "../facts.ts";
import { places } from "../places.ts";
import type { Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";
import { checkFiles, fileStep } from "./file-step.ts";
import { firewallStep } from "./firewall.ts";
import { impossible, onMachine, right, rightBut } from "./verdicts.ts";

/** By sshd's own word; `without-password` is how older ones call it. */
const keysOnly: Readonly<Record<string, readonly string[]>> = {
  passwordauthentication: ["no"],
  kbdinteractiveauthentication: ["no"],
  permitrootlogin: ["prohibit-password", "without-password", "no"],
};

export const hardeningSteps: readonly Step[] = [
  {
    ...fileStep("sshd", {
      id: "hardening.sshd",
      phase: "hardening",
      sentence: () => "ssh takes keys only",
      after: ["contact.host-key"],
    }),
    check: onMachine((machine, wanted, facts) => {
      const file = checkFiles("sshd", machine, wanted, facts);
      if (file.is === "right") return checkSettings(machine, wanted);
      const lockedOut = lockedOutOf(machine, wanted);
      if (lockedOut.length === 0) return file;
      return rightBut(
        `not so, it was left as it is: ${lockedOut.join(", ")} could not get in any more, with a password and no key`,
      );
    }),
  },
  firewallStep,
];

/** What sshd goes by although our file is there and says otherwise: writing that again would change nothing. */
function checkSettings({ sshd }: MachineFacts, { target }: Wanted): Verdict {
  const wrong = Object.entries(keysOnly)
    // Where nobody needs root to come in, how root may is not our affair; a password opens nothing by then.
    .filter(([name]) => name !== "permitrootlogin" || target.kind === "cloud" || target.user === "root")
    .filter(([name, allowed]) => !allowed.includes(sshd[name] ?? ""))
    .map(([name]) => `${name} ${sshd[name] ?? "unknown"}`);
  if (wrong.length === 0) return right;
  const seen = `sshd goes by ${wrong.join(", ")} in spite of ${places.sshd}`;
  if (target.kind === "host") return rightBut(`not so: ${seen}, which it reads later or not at all`);
  return impossible(
    "STEP_FAILED",
    `ssh takes more than keys: ${seen}`,
    "Take these settings out of what sshd reads before it, /etc/ssh/sshd_config and the files that it includes; then run the same again.",
  );
}

/** Who comes to somebody's own machine by password alone; of root only where sshd lets root. */
function lockedOutOf({ sshd, passwordOnly }: MachineFacts, { target }: Wanted): string[] {
  const takesPasswords =
    sshd["passwordauthentication"] === "yes" || sshd["kbdinteractiveauthentication"] === "yes";
  if (target.kind === "cloud" || !takesPasswords) return [];
  return passwordOnly.filter((name) => name !== "root" || sshd["permitrootlogin"] === "yes");
}
