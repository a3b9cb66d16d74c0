/** Where something stands that this machine does by itself. */
export type Origin =
  /** `user`: whose it is or, in a crontab of the system, as whom it runs. */
  | { kind: "crontab"; file: string; line: number; user: string; whose: "system" | "own" | "another" }
  | { kind: "program"; file: string }
  | { kind: "timer"; unit: string; scope: "system" | "user" }
  | { kind: "automation"; id: string };

/** Something that this machine does by itself, and where it belongs once there is a worker. */
export type Chore = {
  origin: Origin;
  /** For people: what it is called, or the beginning of what it runs. */
  name: string;
  /** In the words of whoever starts it: a cron expression, `daily`, a calendar of systemd. */
  when: string;
  where: "main" | "worker" | "both";
  why: string;
  /** What has to be seen to before it moves. */
  notes: readonly string[];
  /** `pawl cron import` can move it. */
  isImportable: boolean;
};

export type Checklist = {
  chores: readonly Chore[];
  unread: readonly { what: string; why: string }[];
};
