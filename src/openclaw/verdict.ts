/** As it stands under `schedules` in the configuration. */
export type ScheduleDraft = {
  cron?: string;
  every?: string;
  timezone?: string;
  title: string;
  prompt: string;
  executor?: string;
  model?: string;
  thinking?: string;
  timeout?: string;
};

/** Whether a job of this machine is better off as a task for a worker. */
export type Verdict = {
  /** Where it stands: the id of an automation, or a line of a crontab. */
  from: { kind: "openclaw"; id: string } | { kind: "crontab"; line: number };
  name: string;
  why: string;
} & ({ move: false } | { move: true; notes: string[]; draft: ScheduleDraft });

/** What a prompt names that may be on this machine only. */
export function notesOn(prompt: string): string[] {
  const paths =
    prompt.match(/(?<![\w:/.])(?:~|\/(?:home|Users|root|srv|var|etc|opt|mnt|data))\/[^\s"'`),;]+/g) ?? [];
  const hosts = prompt.match(/\b(?:localhost|127\.0\.0\.1)(?::\d+)?/g) ?? [];
  return [...new Set([...paths, ...hosts])].map((name) => `names ${name}: the worker has to have that too`);
}
