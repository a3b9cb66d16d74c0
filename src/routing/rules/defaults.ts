import type { Destination, Inhibition, Match, QuietHours, Rule } from "./settings.ts";

/** The channels that the default rules name, with what they are called where channels have names. */
export const channelNames = {
  briefings: "briefings",
  alerts: "alerts",
  results: "sub-agent-results",
  system: "system",
  memory: "memory-updates",
  chat: "chat",
} as const;

export const defaultQuietHours: QuietHours = { from: "22:30", to: "07:30" };
export const defaultTelegramBudget = 40;
export const defaultFloodPerMinute = 30;

/** Digests that rules may name without anybody having written them down. */
export const defaultDigests = { hourly: { kind: "every", seconds: 3600 } } as const;

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** A match that looks at nothing but what it is given. */
export function matching(given: Partial<Match>): Match {
  return {
    category: undefined,
    minSeverity: undefined,
    status: undefined,
    source: undefined,
    subject: undefined,
    label: undefined,
    needsAction: undefined,
    empty: undefined,
    ...given,
  };
}

/** A rule that does nothing special but what it is given. */
export function ruled(
  given: Partial<Omit<Rule, "when">> & Pick<Rule, "name" | "to"> & { when?: Partial<Match> },
): Rule {
  return {
    also: false,
    holdSeconds: 0,
    group: undefined,
    digest: undefined,
    quiet: undefined,
    remindAfter: [],
    editInPlace: false,
    thread: false,
    silent: false,
    statusCard: false,
    expiresSeconds: undefined,
    standard: false,
    ...given,
    when: matching(given.when ?? {}),
  };
}

/**
 * The table that holds when the configuration has no rules of its own.
 *
 * @param owner where the owner's decisions go; several where there is no phone to reach
 */
export function defaultRules(owner: readonly string[] = ["owner"]): readonly Rule[] {
  return table(owner).map((rule) => ({ ...rule, standard: true }));
}

function table(owner: readonly string[]): Rule[] {
  return [
    ruled({
      name: "critical",
      when: {
        category: ["incident", "security", "heartbeat.alert"],
        minSeverity: "critical",
        status: ["firing", "once"],
      },
      to: [...owner, "alerts"],
      quiet: "pass",
      remindAfter: [30 * minute, 2 * hour],
      thread: true,
    }),
    ruled({
      name: "needs-owner",
      when: { needsAction: true },
      to: owner,
      also: true,
      quiet: "hold",
      remindAfter: [hour, 4 * hour, day],
    }),
    ruled({
      name: "alerts",
      when: { category: ["incident", "security", "budget", "heartbeat.alert"] },
      to: ["alerts"],
      editInPlace: true,
      thread: true,
    }),
    ruled({
      name: "outages",
      when: { category: ["outage"] },
      to: ["alerts"],
      holdSeconds: 2 * minute,
      remindAfter: daily(7),
      editInPlace: true,
      thread: true,
    }),
    ruled({
      name: "results",
      when: { category: ["result.subagent", "action.*"] },
      to: ["results"],
      group: { by: ["subject"], seconds: 20 },
      editInPlace: true,
      thread: true,
      silent: true,
    }),
    ruled({ name: "briefings", when: { category: ["briefing.*"] }, to: ["briefings"], silent: true }),
    ruled({
      name: "all-is-well",
      when: { category: ["heartbeat.ok"] },
      to: ["system"],
      statusCard: true,
      silent: true,
    }),
    ruled({ name: "cron-silent", when: { category: ["result.cron"], empty: true }, to: ["ledger"] }),
    ruled({
      name: "cron",
      when: { category: ["result.cron"] },
      to: ["system"],
      digest: "hourly",
      silent: true,
    }),
    ruled({
      name: "memory",
      when: { category: ["memory.update"] },
      to: ["memory"],
      digest: "hourly",
      silent: true,
    }),
    ruled({
      name: "lifecycle",
      when: { category: ["system.lifecycle"] },
      to: ["system"],
      group: { by: ["category"], seconds: 10 * minute },
      silent: true,
    }),
    ruled({ name: "chat", when: { category: ["chat"] }, to: ["chat"] }),
    ruled({ name: "rest", to: ["system"] }),
  ];
}

/** While a service is away, results that failed because they need it are not told: the outage tells why. */
export const defaultInhibitions: readonly Inhibition[] = [
  {
    by: matching({ category: ["outage"] }),
    hides: matching({ category: ["result.*"], minSeverity: "warning", needsAction: false }),
    label: "needs",
  },
];

/** The destinations that are always there, whatever the configuration says. */
export const builtInDestinations: Readonly<Record<string, Destination>> = {
  console: { kind: "console", fallback: undefined },
  ledger: { kind: "ledger", fallback: undefined },
};

function daily(times: number): number[] {
  return Array.from({ length: times }, (_, n) => (n + 1) * day);
}
