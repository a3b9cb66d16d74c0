import { hash32 } from "./hash.ts";

/**
 * Where `me` stands among those who could take the task: 0 goes first. Every node computes the same order without
 * asking anybody (rendezvous hashing), and each task has an order of its own, so one new task does not start a stampede.
 */
export function rankFor(task: string, me: string, others: Iterable<string>): number {
  const mine = hash32(`${me} ${task}`);
  let before = 0;
  for (const other of new Set(others)) {
    if (other === me) continue;
    const theirs = hash32(`${other} ${task}`);
    if (theirs < mine || (theirs === mine && other < me)) before++;
  }
  return before;
}
