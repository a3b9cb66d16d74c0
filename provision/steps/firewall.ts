import { isEverybody, isInRange, isSameRange } from "../address-range.ts";
import type { MachineFacts } from "../facts.ts";
import type { Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";
import { isAbout, isPlain, readRule, type Rule, ruleText } from "./firewall-rules.ts";
import { impossible, onMachine, right, rightBut, shortScript, work } from "./verdicts.ts";

export const firewallStep: Step = {
  id: "hardening.firewall",
  phase: "hardening",
  sentence: () => "the firewall lets in ssh and nothing that nobody asked for",
  after: ["system.packages"],
  risk: "free",
  codes: ["STEP_FAILED", "SETTINGS_UNSAFE"],
  check: onMachine(checkFirewall),
  apply: ({ machine }, wanted) => {
    if (!machine) return [];
    const { open, close } = changesOf(machine, wanted);
    return [
      shortScript({
        name: "firewall",
        values: {
          open: open.map(({ port, from }) => `${port} ${from}`),
          close: close.map(
            ({ verb, from, port, proto, app = "-" }) => `${verb} ${from} ${port} ${proto} ${app}`,
          ),
        },
      }),
    ];
  },
};

type Opening = { port: number; from: string };

/** What has to be let in that is not, which rules let in ssh from where it was not asked for, and all others. */
type Changes = { open: Opening[]; close: Rule[]; stay: Rule[] };

const everybody = "any";

function checkFirewall(machine: MachineFacts, wanted: Wanted): Verdict {
  const changes = changesOf(machine, wanted);
  const { open, close } = changes;
  const state = stateOf(machine);
  const verdict = harmed(machine, wanted) ?? lockedOut(machine, changes);
  if (verdict) return verdict;
  if (state !== "closed") return work(state);
  if (open.length > 0) return work(`it does not let in ssh from ${named(open.map(({ from }) => from))}`);
  if (close.length > 0) return work(`it lets in ssh from ${named(close.map(({ from }) => from))}`);
  const ports = portsOf(machine, wanted);
  const others = rulesOf(machine).filter(
    (rule) => rule.verb === "allow" && !(isPlain(rule) && ports.some((port) => isAbout(rule, port))),
  );
  return others.length === 0
    ? right
    : rightBut(`it lets in ${[...new Set(others.map(ruleText))].join(", ")} too`);
}

function stateOf({ firewall, firewallRules }: MachineFacts): string {
  if (firewall !== "active") return `it is ${firewall}`;
  const byDefault = firewallRules.find((rule) => rule.startsWith("default "));
  return byDefault === undefined || /^default (DROP|REJECT)$/.test(byDefault)
    ? "closed"
    : "it lets in everything";
}

function changesOf(machine: MachineFacts, wanted: Wanted): Changes {
  const rules = rulesOf(machine);
  const ports = portsOf(machine, wanted);
  const asked = askedRanges(wanted);
  const isAsked = ({ from }: Rule) => asked?.some((range) => isSameRange(range, from)) ?? true;
  const isOther = (port: number) =>
    stateOf(machine) === "closed" && machine.connection !== undefined && machine.connection.port !== port;
  const open = ports.flatMap((port) => {
    const there = rules.filter((rule) => rule.verb === "allow" && isAbout(rule, port));
    // Nobody said from where: how the owner has let in ssh is the owner's affair.
    if (asked === undefined) return there.length > 0 || isOther(port) ? [] : [{ port, from: everybody }];
    const from = there.filter(isPlain).map((rule) => rule.from);
    const lacking = (range: string) =>
      !from.some((one) => isSameRange(one, range === everybody ? "0.0.0.0/0" : range));
    return asked.filter(lacking).map((range) => ({ port, from: range }));
  });
  const isLimited = asked !== undefined && !asked.includes(everybody);
  const goes = (rule: Rule) =>
    isLimited &&
    ["allow", "limit"].includes(rule.verb) &&
    isPlain(rule) &&
    ports.some((port) => isAbout(rule, port)) &&
    !isAsked(rule);
  return { open, close: rules.filter(goes), stay: rules.filter((rule) => !goes(rule)) };
}

/** Whoever closes the way by which we came in gets out of this run what no later run can mend. */
function lockedOut(machine: MachineFacts, { open, close, stay }: Changes): Verdict | undefined {
  const { connection } = machine;
  if (!connection || (stateOf(machine) === "closed" && close.length === 0)) return undefined;
  const { from, port } = connection;
  const isIn = (range: string) => range === everybody || isInRange(from, range);
  const doesStay = stay.some(
    (rule) => rule.verb === "allow" && rule.on === undefined && isAbout(rule, port) && isIn(rule.from),
  );
  if (doesStay || open.some((one) => one.port === port && isIn(one.from))) return undefined;
  return impossible(
    "SETTINGS_UNSAFE",
    `The firewall would let in ssh from elsewhere only, and we come from ${from}: nobody could mend that from here`,
    `Let that address in as well: --ssh-from ${from} beside the other ranges.`,
  );
}

/**
 * What somebody's own machine offers to others is not closed unasked. A rule of either kind, `ufw allow 80/tcp` or
 * `ufw deny 80/tcp`, says that its owner has decided.
 */
function harmed(machine: MachineFacts, wanted: Wanted): Verdict | undefined {
  if (wanted.target.kind !== "host" || stateOf(machine) === "closed") return undefined;
  const rules = rulesOf(machine);
  const isSsh = (port: number, proto: string) => proto === "tcp" && portsOf(machine, wanted).includes(port);
  const undecided = machine.listening.filter((name) => {
    const [number = "", proto = ""] = name.split("/");
    const port = Number(number);
    if (isSsh(port, proto) || isOfClients(port, proto)) return false;
    return !rules.some((rule) => isAbout(rule, port, proto));
  });
  if (undecided.length === 0) return undefined;
  const list = undecided.join(", ");
  const how = `\`ufw allow ${undecided[0]}\` or \`ufw deny ${undecided[0]}\``;
  if (askedRanges(wanted) === undefined)
    return rightBut(
      `not so, it was left as it is: it would close ${list}; once ${how} says what is to be of each, a run switches it on`,
    );
  return impossible(
    "SETTINGS_UNSAFE",
    `Without a firewall --ssh-from holds nobody off, and switching it on would close ${list}`,
    `Say what is to be of each, with ${how}, then run the same again; or leave --ssh-from out.`,
  );
}

/** DHCP, UPnP, mDNS and LLMNR, which hosts speak unasked, and UDP ports that programs get for the asking, but WireGuard's. */
function isOfClients(port: number, proto: string): boolean {
  if ([68, 546, 1900, 5353, 5355].includes(port)) return true;
  return proto === "udp" && port >= 32_768 && port !== 51_820;
}

/** Nothing: nobody said. In a cloud its own firewall keeps to the ranges, before anything reaches the machine. */
function askedRanges({ target, sshFrom = [] }: Wanted): readonly string[] | undefined {
  if (target.kind !== "host" || sshFrom.length === 0) return undefined;
  return sshFrom.some(isEverybody) ? [everybody] : sshFrom;
}

/** The port that was typed may be a router's, which leads to another one here. */
function portsOf({ sshd, connection }: MachineFacts, { target }: Wanted): number[] {
  const own = (sshd["port"] ?? "").split(" ").map(Number).filter(Boolean);
  const ports = [...new Set([...(connection ? [connection.port] : []), ...own])];
  if (ports.length > 0) return ports;
  return [target.kind === "host" ? target.port : 22];
}

function rulesOf({ firewallRules }: MachineFacts): Rule[] {
  return firewallRules.flatMap((text) => readRule(text) ?? []);
}

function named(ranges: readonly string[]): string {
  const names = ranges.map((range) => (range === everybody || isEverybody(range) ? "everywhere" : range));
  return [...new Set(names)].join(", ");
}
