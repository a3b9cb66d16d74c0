import { readFile, writeFile } from "node:fs/promises";

import { parseDocument } from "yaml";

import { Fault } from "../../fault.ts";
import type { ChannelCheck } from "../../ports/channel.ts";
import type { Cli } from "../cli.ts";
import { checkLines } from "./check-lines.ts";

/** Makes both networks ready: what is there already is found, what is missing is made, the ids are noted. */
export async function setUpRouting(cli: Cli, dryRun: boolean): Promise<number> {
  const config = await cli.config();
  const { telegram, discord } = config.routing;
  if (!telegram && !discord) {
    throw new Fault("CONFIG_MISSING", "Neither `telegram:` nor `discord:` stands in the configuration", {
      hint: "docs/telegram.md and docs/discord.md show the two lines that each needs.",
    });
  }
  const checks: ChannelCheck[] = [];
  if (telegram) checks.push(...(await telegramChecks(cli)));
  const guild = discord && !dryRun ? await cli.world.setUpGuild(config) : undefined;
  checks.push(...(guild?.checks ?? []));
  const channels = guild?.channels ?? {};
  const written = Object.keys(channels).length > 0 ? await noteIds(cli, channels) : undefined;
  const ok = checks.every((check) => check.ok);
  cli.answer({ ok, checks, channels, created: guild?.created ?? [], written: written ?? null }, () =>
    [
      ...checkLines(cli, checks),
      ...(dryRun && discord
        ? ["  would create or find the six channels in the guild, and note their ids"]
        : []),
      ...(written === undefined
        ? []
        : [`The ids stand in ${written}; \`pawl main\` reads it again on SIGHUP.`]),
    ].join("\n"),
  );
  return ok ? 0 : 5;
}

async function telegramChecks(cli: Cli): Promise<ChannelCheck[]> {
  const config = await cli.config();
  const { destinations } = config.routing;
  const name = Object.keys(destinations).find((one) => destinations[one]?.kind === "telegram");
  const channel = name === undefined ? undefined : (await cli.world.channels(config)).get(name);
  return (await channel?.check()) ?? [];
}

/** Comments and order of the file stay as they are. */
async function noteIds(cli: Cli, channels: Readonly<Record<string, string>>): Promise<string> {
  const { source } = await cli.config();
  if (source === undefined) {
    throw new Fault("CONFIG_MISSING", "There is no configuration file to note the ids in", {
      hint: `Write them under discord.channels: ${JSON.stringify(channels)}`,
    });
  }
  const document = parseDocument(await readFile(source, "utf8"));
  for (const [name, id] of Object.entries(channels)) document.setIn(["discord", "channels", name], id);
  await writeFile(source, document.toString({ lineWidth: 0 }));
  return source;
}
