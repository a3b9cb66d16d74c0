import type { ChannelCheck } from "../../ports/channel.ts";
import type { Cli } from "../cli.ts";

/** What a look at a destination found, and what to do where it is not as it should be. */
export function checkLines(cli: Cli, checks: readonly ChannelCheck[]): string[] {
  return checks.map(({ ok, what, hint }) => {
    const sign = ok ? cli.paint("green", "✓") : cli.paint("red", "✗");
    return `  ${sign} ${what}${ok || hint === undefined ? "" : `\n    ${hint}`}`;
  });
}
