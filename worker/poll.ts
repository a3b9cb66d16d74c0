/** The shortest pause between two polls, as a part of the usual one. */
export const shortestPoll = 0.8;

/** A pause of about `ms`: nodes that were started together must not ask together. */
export function jittered(ms: number, random: number): number {
  return ms * (shortestPoll + 2 * (1 - shortestPoll) * random);
}
