import { isTrouble, sentence, type Announce, type Event } from "../core/event.ts";
import type { Cli } from "./cli.ts";

/** One line for each event: a sentence for people, JSON for programs. */
export function consoleListener(cli: Cli, asJson = cli.json): Announce {
  const { out } = cli.world;
  return (event) => {
    const at = cli.now();
    out.write(
      asJson
        ? `${JSON.stringify({ at: at.toISOString(), ...event })}\n`
        : `${cli.paint("dim", clockOf(at))}  ${coloured(cli, event)}\n`,
    );
  };
}

function coloured(cli: Cli, event: Event): string {
  const said = sentence(event);
  if (isTrouble(event)) return cli.paint("red", said);
  return event.kind === "task-ended" ? cli.paint("green", said) : said;
}

/** The time of day where the reader is. */
function clockOf(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
