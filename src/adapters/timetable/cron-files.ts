import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Crontab, CronProgram, Timetable } from "../../ports/timetable.ts";

export type Gaps = Timetable["unread"][number][];

/** What cron reads, below a folder that stands for `/`. What is there and cannot be read becomes a gap. */
export class CronFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async ofSystem(gaps: Gaps): Promise<Crontab[]> {
    return this.#texts(["/etc/crontab", ...(await this.#names("/etc/cron.d", gaps))], gaps);
  }

  /** Of all users; only root may look. */
  async ofUsers(gaps: Gaps): Promise<Crontab[]> {
    // Debian's folder, and the one of most others.
    for (const folder of ["/var/spool/cron/crontabs", "/var/spool/cron"]) {
      const found = await this.#texts(await this.#names(folder, gaps), gaps);
      if (found.length > 0) return found.map((one) => ({ ...one, user: one.file.slice(folder.length + 1) }));
    }
    return [];
  }

  async programs(gaps: Gaps): Promise<CronProgram[]> {
    const folders = ["hourly", "daily", "weekly", "monthly"].map(async (rhythm) =>
      (await this.#names(`/etc/cron.${rhythm}`, gaps)).map((file) => ({ file, rhythm })),
    );
    return (await Promise.all(folders)).flat();
  }

  /** As cron itself, which passes over names with a dot: backups, and what package managers leave. */
  async #names(folder: string, gaps: Gaps): Promise<string[]> {
    try {
      const found = await readdir(join(this.#root, folder), { withFileTypes: true });
      return found
        .filter((entry) => !entry.isDirectory() && /^[\w-]+$/.test(entry.name))
        .map(({ name }) => `${folder}/${name}`)
        .toSorted();
    } catch (error) {
      return note(folder, error, gaps);
    }
  }

  async #texts(files: readonly string[], gaps: Gaps): Promise<Crontab[]> {
    const found = files.map(async (file): Promise<Crontab[]> => {
      try {
        return [{ file, isOwn: false, text: await readFile(join(this.#root, file), "utf8") }];
      } catch (error) {
        return note(file, error, gaps);
      }
    });
    return (await Promise.all(found)).flat();
  }
}

function note(what: string, error: unknown, gaps: Gaps): [] {
  const code = error instanceof Error && "code" in error ? String(error.code) : "it broke";
  if (code === "EACCES" || code === "EPERM") gaps.push({ what, why: "only root may read it" });
  else if (code !== "ENOENT" && code !== "ENOTDIR") gaps.push({ what, why: code });
  return [];
}
