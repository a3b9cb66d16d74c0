/** @param day `2026-11-21`; a person tells by it which of two keys is the newer one */
export function deployKeyTitle(worker: string, day: string): string {
  return `pawl ${worker} ${day}`;
}
