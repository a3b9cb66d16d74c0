export type CronLine = {
  line: number;
  /** Five fields, or a word such as @daily. */
  expression: string;
  command: string;
  timezone: string | undefined;
};

const nicknames = /^@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)\b/;

/** The jobs of a text as `crontab -l` prints it. What is no job is passed over, as cron itself does with comments. */
export function readCrontab(text: string): CronLine[] {
  let timezone: string | undefined;
  return text.split("\n").flatMap((raw, index): CronLine[] => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return [];
    const setting = /^(\w+)\s*=\s*(.*)$/.exec(line);
    if (setting) {
      const [, name, value = ""] = setting;
      if (name === "CRON_TZ" || name === "TZ") timezone = value.replace(/^(["'])(.*)\1$/, "$2") || undefined;
      return [];
    }
    const fields = nicknames.test(line) ? 1 : 5;
    const [, expression = "", command = ""] =
      new RegExp(`^((?:\\S+\\s+){${fields - 1}}\\S+)\\s+(.+)$`).exec(line) ?? [];
    return command === ""
      ? []
      : [{ line: index + 1, expression: expression.replace(/\s+/g, " "), command, timezone }];
  });
}
