import { isSameRange } from "../address-range.ts";
import type { MachineFacts } from "../facts.ts";
import type { Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";
import { fileStep } from "./file-step.ts";
import { onMachine, right, rightBut, shortScript, work } from "./verdicts.ts";

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
  {
    id: "hardening.firewall",
    phase: "hardening",
    sentence: (wanted) =>
      `the firewall lets in ssh (port ${sshPort(wanted)}) and nothing that nobody asked for`,
    after: ["system.packages"],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine(checkFirewall),
    apply: (_, wanted) => [
      shortScript({ name: "firewall", values: { port: sshPort(wanted), from: openTo(wanted) ?? [] } }),
    ],
  },
];

/** Rules as the probe prints them: `allow 22/tcp from 0.0.0.0/0`. */
function checkFirewall({ firewall, firewallRules }: MachineFacts, wanted: Wanted): Verdict {
  if (firewall !== "active") return work(`it is ${firewall}`);
  const [byDefault] = firewallRules.filter((rule) => rule.startsWith("default "));
  if (byDefault !== undefined && !/^default (DROP|REJECT)$/.test(byDefault))
    return work("it lets in everything");
  const ssh = `${sshPort(wanted)}/tcp`;
  const rules = firewallRules.filter((rule) => !rule.startsWith("default ")).map((rule) => rule.split(" "));
  const from = rules
    .filter(([verb, to]) => verb === "allow" && to === ssh)
    .map(([, , , source = ""]) => source);
  const asked = openTo(wanted) ?? everybody.slice(0, 1);
  const missing = asked.filter((range) => !from.some((source) => isSameRange(source, range)));
  if (missing.length > 0) return work(`it does not let in ssh from ${missing.join(", ")}`);
  if (openTo(wanted) && from.some((range) => everybody.includes(range)))
    return work("it lets in ssh from everywhere");
  const others = rules.filter(([verb, to]) => verb === "allow" && to !== ssh).map(([, to]) => to);
  return others.length === 0 ? right : rightBut(`it lets in ${[...new Set(others)].join(", ")} too`);
}

const everybody: readonly string[] = ["0.0.0.0/0", "::/0"];

/** In a cloud its own firewall keeps to the ranges, before anything reaches the machine. */
function openTo({ target, sshFrom }: Wanted): readonly string[] | undefined {
  return target.kind === "host" && sshFrom && sshFrom.length > 0 ? sshFrom : undefined;
}

function sshPort({ target }: Wanted): number {
  return target.kind === "host" ? target.port : 22;
}
