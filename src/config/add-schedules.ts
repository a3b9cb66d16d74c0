import { isMap, parseDocument, stringify } from "yaml";

import { readConfigText } from "./read-config-text.ts";

/** `schedules:` as YAML, to be put into a configuration. */
export function schedulesText(schedules: Readonly<Record<string, object>>): string {
  return stringify({ schedules }, { lineWidth: 0 });
}

/**
 * The text of a configuration with these schedules behind those that stand there; comments, order and all else stay.
 * Refuses what would not be read again.
 *
 * @param name how the file is called in messages
 */
export function withSchedules(
  text: string,
  schedules: Readonly<Record<string, object>>,
  name: string,
): string {
  readConfigText(text, name);
  const document = parseDocument(text);
  if (!isMap(document.get("schedules"))) document.set("schedules", document.createNode({}));
  for (const [key, schedule] of Object.entries(schedules)) document.setIn(["schedules", key], schedule);
  const added = document.toString({ lineWidth: 0 });
  readConfigText(added, `${name} with these schedules`);
  return added;
}
