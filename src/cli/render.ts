import { readFile, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";

import { type Command, Option } from "commander";

import type { Card } from "../core/card.ts";
import { Envelope } from "../core/envelope.ts";
import { Fault } from "../fault.ts";
import type { Message } from "../ports/channel.ts";
import { eventCard } from "../routing/render/cards/event-card.ts";
import { moment } from "../routing/render/cards/moment.ts";
import { renderers } from "../routing/render/renderers.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { measured } from "./routing/measured.ts";

type Network = Exclude<Message["kind"], "card">;
type Options = { to: Network; html?: string };

export function setUp(command: Command, host: Host): void {
  command
    .argument("<file>", "Markdown, an event as JSON (.json), or - for Markdown on standard input")
    .addOption(
      new Option("--to <network>", "for whom").choices(["telegram", "discord", "page"]).default("telegram"),
    )
    .option("--html <file>", "write a page that shows it as the network does")
    .addHelpText(
      "after",
      examples("pawl render result.md --to discord", "pawl render event.json --html preview.html"),
    )
    .action((file: string, options: Options) => host.run(command, (cli) => renderFile(cli, file, options)));
}

/** Shows what would be sent: texts, marks, parts and sizes. Nothing is sent. */
async function renderFile(cli: Cli, file: string, { to, html }: Options): Promise<void> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const card = await cardOf(cli, file, timeZone);
  const messages = renderers[to](card);
  if (html !== undefined) await writePreview(cli, html, { card, messages, timeZone });
  cli.answer({ to, messages }, () =>
    messages.map((message, n) => measured(message, n + 1, messages.length)).join("\n\n"),
  );
}

async function cardOf(cli: Cli, file: string, timeZone: string): Promise<Card> {
  const text = file === "-" ? await cli.world.input.text() : await read(resolve(cli.world.around.cwd, file));
  if (file.endsWith(".json")) return eventCard(envelopeIn(file, text), { timeZone });
  const [heading, title = basename(file, ".md")] = /^\s*#{1,6} +(\S.*)\n/.exec(text) ?? [""];
  return {
    marker: "not sent",
    event: undefined,
    tone: "ok",
    title,
    lines: [],
    facts: [],
    body: text.slice(heading.length),
    at: cli.now().toISOString(),
  };
}

function envelopeIn(file: string, text: string): Envelope {
  const parsed = Envelope.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault("USAGE", `${file} is no event: ${issue?.path.join(".")} ${issue?.message}`.trim(), {
    hint: "`pawl route explain --json` prints one under `envelope`.",
  });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function read(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: Error) => {
    throw new Fault("FILE_NOT_FOUND", `${path} cannot be read: ${error.message}`, {
      hint: "Name a file with Markdown, or with an event as JSON.",
    });
  });
}

async function writePreview(
  cli: Cli,
  html: string,
  { card, messages, timeZone }: { card: Card; messages: Message[]; timeZone: string },
): Promise<void> {
  const { previewPage } = await import("../routing/render/html/preview-page.ts");
  const path = resolve(cli.world.around.cwd, html);
  const time = moment(timeZone, card.at);
  await writeFile(path, previewPage(card.title, [{ name: "preview", time, messages }])).catch(
    (error: Error) => {
      throw new Fault("FILE_NOT_FOUND", `${path} cannot be written: ${error.message}`, {
        hint: "Name a file in a folder that is there, behind --html.",
      });
    },
  );
  cli.tell(`${path} shows it.`);
}
