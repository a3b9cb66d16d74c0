import { type APIApplication, type APIApplicationCommand, Routes } from "discord-api-types/v10";

import type { Answer } from "../answer.ts";
import type { DiscordApi } from "../api.ts";
import { type SlashCommand, slashCommands } from "./commands.ts";

/** Tells Discord of our commands, unless it knows them already: they may be put a limited number of times a day. */
export async function registerCommands(api: DiscordApi, guild: string): Promise<Answer<unknown>> {
  const application = await api.call<APIApplication>("GET", Routes.currentApplication());
  if (application.kind !== "ok") return application;
  const route = Routes.applicationGuildCommands(application.body.id, guild);
  const known = await api.call<APIApplicationCommand[]>("GET", route);
  if (known.kind !== "ok" || areSame(known.body, slashCommands)) return known;
  return api.call("PUT", route, { body: slashCommands });
}

function areSame(known: readonly APIApplicationCommand[], wanted: readonly SlashCommand[]): boolean {
  const knownForms = new Set(known.map(form));
  return known.length === wanted.length && wanted.every((command) => knownForms.has(form(command)));
}

/** What of a command is ours; Discord adds ids, versions and defaults. */
function form(command: SlashCommand | APIApplicationCommand): string {
  const { name, description, options = [], default_member_permissions } = command;
  const ours = options.map((option) => {
    const { type, name: called, description: said } = option;
    const length = "max_length" in option ? option.max_length : undefined;
    return [type, called, said, option.required === true, length ?? null];
  });
  return JSON.stringify([name, description, default_member_permissions, ours]);
}
