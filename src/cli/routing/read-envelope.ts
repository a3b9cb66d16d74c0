import type { Command } from "commander";
import type * as z from "zod";

import { categories, Envelope, severities, statuses } from "../../core/envelope.ts";
import { Fault } from "../../fault.ts";
import { didYouMean } from "../../format/nearest.ts";
import type { World } from "../../wire/world.ts";
import { newEventId } from "../../routing/new-id.ts";
import { moment } from "../moment.ts";

export type EnvelopeOptions = {
  category?: string;
  severity?: string;
  status?: string;
  subject?: string;
  source?: string;
  summary?: string;
  body?: string;
  label?: string[];
  link?: string[];
  expires?: string;
  dedup?: string;
};

export function addEnvelopeOptions(command: Command): Command {
  return command
    .option("--severity <level>", severities.join(", "))
    .option("--subject <word>", "what it is about, such as service:gmail; news of one subject stay together")
    .option("--source <who>", "who tells it, such as cron:backup", "cli")
    .option("--summary <text>", "a line or two of plain text")
    .option("--body <markdown>", "the whole of it; - reads it from standard input")
    .option("--label <name=value>", "shown beside it and matched by rules; repeatable", collect)
    .option("--link <text=url>", "repeatable", collect)
    .option("--expires <when>", "not to be posted after: 2h, 2026-11-22T18:00Z");
}

/** What the options say, as an event that main can take. */
export async function readEnvelope(
  world: World,
  title: string,
  options: EnvelopeOptions,
  more: Partial<Envelope> = {},
): Promise<Envelope> {
  const now = world.clock.now();
  const { label, link, expires, body, ...said } = options;
  const id = newEventId(now, world.chance);
  const read = Envelope.safeParse({
    v: 1,
    id,
    at: now.toISOString(),
    subject: `event:${id}`,
    title,
    ...said,
    ...(body === undefined ? {} : { body: body === "-" ? await world.input.text() : body }),
    ...(label === undefined
      ? {}
      : { labels: Object.fromEntries(label.map((pair) => split(pair, "--label"))) }),
    ...(link === undefined
      ? {}
      : {
          links: link.map((pair) => {
            const [text, url] = split(pair, "--link");
            return { text, url };
          }),
        }),
    ...(expires === undefined ? {} : { expires: moment(expires, now) }),
    ...more,
  });
  if (!read.success) throw refused(read.error, options);
  return read.data;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function split(pair: string, option: string): [string, string] {
  const at = pair.indexOf("=");
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new Fault("USAGE", `${option} ${JSON.stringify(pair)} has no name and value`, {
    hint: `Write it like ${option} name=value.`,
  });
}

function refused(error: z.ZodError, options: EnvelopeOptions): Fault {
  const told = error.issues.map((issue) => {
    const name = issue.path.map(String).join(".");
    const value = String(options[issue.path[0] as keyof EnvelopeOptions] ?? "");
    const known = issue.code === "invalid_value" ? issue.values.map(String) : undefined;
    const expected = known ? `not one of ${known.join(", ")}${didYouMean(value, known)}` : issue.message;
    return `${name}${value === "" ? "" : ` ${JSON.stringify(value)}`}: ${expected}`;
  });
  return new Fault("USAGE", told.join("\n"), { hint: "`pawl notify --help` lists what may be said." });
}

/** Said of a category that no rule may know. */
export function unknownCategory(category: string): string | undefined {
  if (category.startsWith("x.") || categories.some((known) => known === category)) return undefined;
  return `${category} is no known category${didYouMean(category, categories)}; the last rule takes it.`;
}

export const knownStatuses = statuses.join(", ");
