/** A time as the files say it: UTC, in whole seconds. */
export function stamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
