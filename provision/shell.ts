/** A word that a POSIX shell takes as exactly this text, whatever stands in it; a NUL cannot. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export type Value = string | number | boolean | readonly string[] | undefined;

/**
 * Values as the beginning of a shell script. `sizeMb` is `$size_mb` there; a list `packages` is a function `with_packages`
 * that runs a command with all of them as further arguments; what is undefined or false is empty.
 */
export function assignments(values: Readonly<Record<string, Value>>): string {
  return Object.entries(values)
    .map(([key, value]) => {
      const name = key.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      if (Array.isArray(value)) return `with_${name}() { "$@" ${value.map(quoted).join(" ")}; }\n`;
      return `${name}=${quoted(value === undefined || value === false ? "" : String(value))}\n`;
    })
    .join("");
}
