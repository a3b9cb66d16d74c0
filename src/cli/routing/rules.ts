import { lint } from "../../routing/rules/lint.ts";
import { destinationText, ruleText } from "../../routing/rules/words.ts";
import type { Cli } from "../cli.ts";
import { entriesHere } from "./explain.ts";

export async function showRules(cli: Cli): Promise<void> {
  const { routing } = await cli.config();
  const { rules, destinations, quietHours, timezone } = routing;
  cli.answer({ rules, destinations, quietHours: quietHours ?? null, timezone }, () =>
    [
      cli.paint("bold", "Rules, the first that matches wins unless it says `and on`"),
      ...rules.map((rule, n) => `  ${String(n + 1).padStart(2)}  ${ruleText(rule)}`),
      cli.paint("bold", "Destinations"),
      ...Object.keys(destinations).map((name) => `  ${destinationText(name, routing)}`),
      quietHours
        ? `Quiet from ${quietHours.from} to ${quietHours.to}, ${timezone}`
        : `No quiet hours, ${timezone}`,
    ].join("\n"),
  );
}

export async function lintRules(cli: Cli): Promise<number> {
  const { routing } = await cli.config();
  const entries = await entriesHere(cli);
  const seen = entries.flatMap((entry) => (entry.t === "event" ? entry.envelope.category : []));
  const findings = lint(routing, new Set(seen));
  cli.answer({ findings }, () =>
    findings.length === 0
      ? "The rules are in order."
      : findings.map(({ rule, text }) => (rule === undefined ? text : `${rule}: ${text}`)).join("\n"),
  );
  return findings.length === 0 ? 0 : 1;
}
