import type { Crontab, Timer, TimetableReader } from "../../ports/timetable.ts";
import { ask, type Env } from "./ask.ts";
import { CronFiles, type Gaps } from "./cron-files.ts";
import { activeTimers, commandOf, readUnits, timerProperties } from "./units.ts";

export type TimetableSettings = {
  /** Who looks. */
  user: string;
  env: Env;
  /** In place of `/`, for what stands in files. */
  root?: string;
};

/** Crontabs, cron's folders and systemd's timers of this machine, the system's and those of whoever looks. */
export function timetable({ user, env, root = "/" }: TimetableSettings): TimetableReader {
  const files = new CronFiles(root);
  return {
    async read() {
      const unread: Gaps = [];
      const [ofSystem, ofUsers, programs, ...timers] = await Promise.all([
        files.ofSystem(unread),
        userCrontabs(unread),
        files.programs(unread),
        timersOf("system", env),
        timersOf("user", env),
      ]);
      const packages = await packagesOf(
        [...ofSystem, ...programs].map(({ file }) => file),
        env,
      );
      const withPackage = <Found extends { file: string }>(found: Found) => {
        const name = packages.get(found.file);
        return { ...found, ...(name !== undefined && { package: name }) };
      };
      return {
        crontabs: [...ofSystem.map(withPackage), ...ofUsers],
        programs: programs.map(withPackage),
        timers: timers.flat(),
        unread,
      };
    },
  };

  /** Whoever is not root may ask for the own one. */
  async function userCrontabs(unread: Gaps): Promise<Crontab[]> {
    const gaps: Gaps = [];
    const all = await files.ofUsers(gaps);
    if (gaps.length === 0 && all.length > 0) return all.map((one) => ({ ...one, isOwn: one.user === user }));
    if (gaps.length > 0) unread.push({ what: "other users' crontabs", why: "only root may read them" });
    const { said, isWhole } = await ask("crontab", ["-l"], env);
    return isWhole ? [{ file: "crontab -l", user, isOwn: true, text: said }] : [];
  }
}

async function timersOf(scope: Timer["scope"], env: Env): Promise<Timer[]> {
  const show = ["show", ...(scope === "user" ? ["--user"] : [])];
  const { said } = await ask("systemctl", [...show, "*.timer", "-p", timerProperties], env);
  const found = activeTimers(scope, readUnits(said));
  const starts = found.map((timer) => timer.starts).filter((unit) => unit !== "");
  if (starts.length === 0) return found.map((timer) => ({ ...timer, command: "" }));
  const services = await ask("systemctl", [...show, "-p", "Id,ExecStart", "--", ...starts], env);
  const commands = new Map(readUnits(services.said).map((unit) => [unit["Id"], commandOf(unit)]));
  return found.map((timer) => ({ ...timer, command: commands.get(timer.starts) ?? "" }));
}

/** Which package brought a file, where the distribution keeps a record of that. */
async function packagesOf(files: readonly string[], env: Env): Promise<Map<string, string>> {
  if (files.length === 0) return new Map();
  // It fails when one of them belongs to none, and tells of the others all the same.
  const { said } = await ask("dpkg-query", ["-S", "--", ...files], env);
  return new Map(
    said.split("\n").flatMap((line): [string, string][] => {
      const [, name, file] = /^(?!diversion by )([^:, ]+).*?: (\/.*)$/.exec(line) ?? [];
      return name === undefined || file === undefined ? [] : [[file, name]];
    }),
  );
}
