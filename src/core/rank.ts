/**
 * Where `me` stands among those who could take the task: 0 goes first. Every node computes the same order without
 * asking anybody (rendezvous hashing), and each task has an order of its own, so one new task does not start a stampede.
 */
export function rankFor(task: string, me: string, others: Iterable<string>): number {
  const mine = hash(me, task);
  let before = 0;
  for (const other of new Set(others)) {
    if (other === me) continue;
    const theirs = hash(other, task);
    if (theirs < mine || (theirs === mine && other < me)) before++;
  }
  return before;
}

/** 32 bits of FNV-1a with a final mix: short texts that differ in one letter end far apart. */
function hash(worker: string, task: string): number {
  let value = 0x811c9dc5;
  for (const letter of `${worker} ${task}`) {
    value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
