import type { Step } from "../step.ts";
import { impossible, onMachine, right, rightBut, unknown, work } from "./verdicts.ts";

const bootMinutes = 15;

export const contactSteps: readonly Step[] = [
  {
    id: "contact.host-key",
    phase: "contact",
    sentence: () => "the machine shows a host key that nobody else has seen",
    after: ["cloud.active"],
    risk: "free",
    codes: ["SSH_REFUSED", "SSH_TIMEOUT", "SSH_AUTH", "SSH_LOST", "HOST_KEY_CHANGED", "HOST_KEY_UNKNOWN"],
    check: ({ contact }) => {
      if (!contact) return unknown;
      return contact.isThrowAway ? work("its first one was told to every process on it") : right;
    },
    apply: () => [{ do: "rotate-host-key" }],
  },
  {
    id: "contact.first-boot",
    phase: "contact",
    sentence: () => "its first boot has ended well",
    after: ["contact.host-key"],
    risk: "free",
    codes: ["BOOT_FAILED"],
    check: onMachine(({ firstBoot, bootLog, pawl }, { target }) => {
      if (firstBoot === "running") return work("cloud-init is at work");
      if (firstBoot !== "error") return right;
      const said = "cloud-init says that something failed";
      // On a machine of the user's own, or in a later boot, it failed at nothing of ours.
      if (target.kind === "host" || pawl.current !== undefined) return rightBut(said);
      return impossible(
        "BOOT_FAILED",
        `${said}${bootLog === undefined ? "" : `; the end of its log:\n${bootLog}`}`,
        "Destroy the machine with --destroy and make another one; or mend it there and reboot it.",
      );
    }),
    apply: () => [
      {
        do: "await",
        source: "machine",
        what: "the first boot ends",
        seconds: bootMinutes * 60,
        everySeconds: 3,
        late: { code: "BOOT_FAILED", hint: "Look at /var/log/cloud-init-output.log on the machine." },
      },
    ],
  },
];
