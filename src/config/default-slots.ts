const GiB = 2 ** 30;

/**
 * An OpenClaw run peaks at about 0.95 GiB and keeps a core busy while it starts: so one for each core, as long as each
 * has 1.1 GiB when the system and the worker have taken their 0.6.
 *
 * @param perTaskBytes what a task may use, where that is limited
 */
export function defaultSlots({ memoryBytes, cores }: Machine, perTaskBytes = 1.1 * GiB): number {
  const fitting = Math.floor((memoryBytes - 0.6 * GiB) / perTaskBytes);
  return Math.max(1, Math.min(fitting, cores, 64));
}

export type Machine = { memoryBytes: number; cores: number };
