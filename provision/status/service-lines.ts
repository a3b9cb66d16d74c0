import * as z from "zod";

import { Fault } from "../../src/fault.ts";

/** What `worker-status` asks of the machine beside the facts that provisioning needs. */
export type ServiceLines = {
  /** The machine's own clock, milliseconds since 1970. */
  nowMs: number;
  /** Lines of the crontabs of root and of the worker's user that are no comments. */
  crontab: string[];
  /** What the worker's unit logged last. */
  journal: string[];
  /** When the heartbeat's timer runs next, as systemd says it; nothing: it does not. */
  nextHeartbeat?: string;
};

/** Each answer is one line: a word, a space, and what was said in base64, so that no text can look like another answer. */
export const serviceScript = `export LC_ALL=C
say() { printf '%s ' "$1"; base64 | tr -d '\\n'; echo; }
date +%s | say now
{ crontab -l -u root; crontab -l -u pawl; } 2>/dev/null | say crontab
journalctl --unit=openclaw-worker.service --lines=5 --no-pager --output=cat 2>/dev/null | say journal
systemctl show pawl-heartbeat.timer --property=NextElapseUSecRealtime --value 2>/dev/null | say heartbeat
`;

const Answers = z.object({
  now: z.string().regex(/^\d{1,12}\n$/),
  crontab: z.string(),
  journal: z.string(),
  heartbeat: z.string(),
});

/** Reads what `serviceScript` printed. */
export function parseServiceLines(printed: string): ServiceLines {
  const said = printed.split("\n").flatMap((line) => {
    const [, word, text] = /^(\w+) ([A-Za-z0-9+/=]*)$/.exec(line) ?? [];
    return word === undefined ? [] : [[word, Buffer.from(text ?? "", "base64").toString("utf8")]];
  });
  const read = Answers.safeParse(Object.fromEntries(said));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Fault("STEP_FAILED", `The machine's answer cannot be read: ${issue?.path.join(".")}`, {
      hint: "Log in and look whether `date`, `base64` and `journalctl` work there.",
    });
  }
  const { now, crontab, journal, heartbeat } = read.data;
  const next = heartbeat.trim();
  return {
    nowMs: Number(now) * 1000,
    crontab: linesOf(crontab).filter((line) => !line.trimStart().startsWith("#")),
    journal: linesOf(journal),
    ...(next === "" || next === "n/a" ? {} : { nextHeartbeat: next }),
  };
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
