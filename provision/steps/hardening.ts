import type { Step } from "../step.ts";
import { fileStep } from "./file-step.ts";
import { firewallStep } from "./firewall.ts";
import { right, work } from "./verdicts.ts";

/** By sshd's own word; `without-password` is how older ones call it. */
const keysOnly: Readonly<Record<string, readonly string[]>> = {
  passwordauthentication: ["no"],
  kbdinteractiveauthentication: ["no"],
  permitrootlogin: ["prohibit-password", "without-password", "no"],
};

export const hardeningSteps: readonly Step[] = [
  fileStep(
    "sshd",
    {
      id: "hardening.sshd",
      phase: "hardening",
      sentence: () => "ssh takes keys only",
      after: ["contact.host-key"],
    },
    ({ sshd }) => {
      const wrong = Object.entries(keysOnly).filter(([name, allowed]) => !allowed.includes(sshd[name] ?? ""));
      return wrong.length === 0
        ? right
        : work(wrong.map(([name]) => `${name} ${sshd[name] ?? "unknown"}`).join(", "));
    },
  ),
  firewallStep,
];
