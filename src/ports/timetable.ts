/** A crontab as it stands in its file. */
export type Crontab = {
  file: string;
  /** Whose it is; nothing: the system's, where each line names its user. */
  user?: string;
  /** It is that of whoever looks. */
  isOwn: boolean;
  text: string;
  /** Of the distribution, which brought the file. */
  package?: string;
};

/** A program in a folder that cron runs as a whole. */
export type CronProgram = { file: string; rhythm: string; package?: string };

/** A timer of systemd that is on. */
export type Timer = {
  scope: "system" | "user";
  unit: string;
  /** Where it is defined; empty for one that a program made while it ran. */
  file: string;
  /** `*-*-* 06,18:00:00`, in systemd's words. */
  when: string;
  starts: string;
  /** What that unit runs, on one line. */
  command: string;
};

/** What a machine does by itself at set times, as it was found. */
export type Timetable = {
  crontabs: readonly Crontab[];
  programs: readonly CronProgram[];
  timers: readonly Timer[];
  /** What is there and could not be read; `why` for people. */
  unread: readonly { what: string; why: string }[];
};

/** This machine's own times. Never throws for what it may not read: that is part of the answer. */
export interface TimetableReader {
  read(): Promise<Timetable>;
}
