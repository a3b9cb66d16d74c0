import { join } from "node:path";

import type { Fault } from "../fault.ts";
import { markedPart, removeMarkedPart, replaceMarkedPart } from "../format/marked-part.ts";
import { addArgs, isAsWanted } from "./automation.ts";
import type { Facts } from "./facts.ts";
import { heartbeatPart } from "./heartbeat-part.ts";
import { isSealed } from "./seal.ts";
import { skillText } from "./skill.ts";

export type Step =
  /** `after` undefined: the file goes. `copy`: where the text is kept that a person wrote. */
  | { kind: "file"; path: string; before?: string; after?: string; copy?: string }
  | { kind: "tell"; what: string; args: string[] }
  | { kind: "leave"; what: string; why: string }
  /** What would be a `tell` if the Gateway were there. */
  | { kind: "stuck"; what: string; fault: Fault };

export function skillFile(workspace: string): string {
  return join(workspace, "skills", "pawl", "SKILL.md");
}

export function heartbeatFile(workspace: string): string {
  return join(workspace, "HEARTBEAT.md");
}

/** What is to be done so that the agent can hand out work and hears of results; nothing of it when all is there. */
export function planInstall(facts: Facts): Step[] {
  return [planSkill(facts), ...planHeartbeatFile(facts), planAutomation(facts)];
}

export function planUninstall(facts: Facts): Step[] {
  return [planSkillsEnd(facts), ...planHeartbeatFilesEnd(facts), planAutomationsEnd(facts)];
}

function planSkill({ workspace, config, files }: Facts): Step {
  const path = skillFile(workspace);
  const before = files.get(path);
  const after = skillText(config);
  if (before === after) return { kind: "leave", what: path, why: "is as it should be" };
  return {
    kind: "file",
    path,
    after,
    ...(before === undefined ? {} : { before }),
    ...(before === undefined || isSealed(before) ? {} : kept(path, before, files)),
  };
}

function planSkillsEnd({ workspace, files }: Facts): Step {
  const path = skillFile(workspace);
  const before = files.get(path);
  if (before === undefined) return { kind: "leave", what: path, why: "is not there" };
  return { kind: "file", path, before, ...(isSealed(before) ? {} : kept(path, before, files)) };
}

function planHeartbeatFile(facts: Facts): Step[] {
  if (facts.hears === "stream") return planHeartbeatFilesEnd(facts);
  const { workspace, config, files } = facts;
  const path = heartbeatFile(workspace);
  const before = files.get(path);
  const after = replaceMarkedPart(before ?? "", heartbeatPart(config));
  if (before === after) return [{ kind: "leave", what: path, why: "is as it should be" }];
  if (before === undefined) return [{ kind: "file", path, after }];
  return [{ kind: "file", path, before, after, ...kept(path, before, files) }];
}

function planHeartbeatFilesEnd({ workspace, files }: Facts): Step[] {
  const path = heartbeatFile(workspace);
  const before = files.get(path);
  if (before === undefined || markedPart(before) === undefined) return [];
  const after = removeMarkedPart(before);
  if (after.trim() === "") return [{ kind: "file", path, before }];
  return [{ kind: "file", path, before, after, ...kept(path, before, files) }];
}

const automation = "the automation that wakes the agent when tasks have ended";

function planAutomation(facts: Facts): Step {
  const { hears, automation: seen, version } = facts;
  if (hears === "heartbeat-file")
    return { kind: "leave", what: automation, why: `OpenClaw ${version} has no streams yet` };
  if (seen.kind === "gateway-down") return { kind: "stuck", what: `add ${automation}`, fault: seen.fault };
  const args = addArgs(facts);
  if (seen.kind === "none") return { kind: "tell", what: `add ${automation}`, args };
  const { job } = seen;
  if (!isAsWanted(job, facts)) return { kind: "tell", what: `correct ${automation}`, args };
  if (job.enabled) return { kind: "leave", what: automation, why: "is as it should be" };
  return {
    kind: "leave",
    what: automation,
    why: `is switched off; \`openclaw cron enable ${job.id}\` switches it on`,
  };
}

function planAutomationsEnd({ hears, automation: seen }: Facts): Step {
  if (seen.kind === "found")
    return { kind: "tell", what: `remove ${automation}`, args: ["cron", "rm", seen.job.id, "--json"] };
  if (seen.kind === "gateway-down" && hears === "stream")
    return { kind: "stuck", what: `remove ${automation}`, fault: seen.fault };
  return { kind: "leave", what: automation, why: "is not there" };
}

/** Beside the file, where nothing else stands already; what is kept already need not be kept twice. */
function kept(path: string, text: string, files: ReadonlyMap<string, string>): { copy?: string } {
  for (let count = 1; ; count++) {
    const copy = `${path}.before-pawl${count === 1 ? "" : `.${count}`}`;
    const there = files.get(copy);
    if (there === text) return {};
    if (there === undefined) return { copy };
  }
}
