import { type Proc, environmentOf, isSame } from "./proc-table.ts";

/** What every process that belongs to an attempt has in its environment, unless it took pains to lose it. */
export const markerVariable = "PAWL_ATTEMPT";

/** Who was known to belong, and the sessions they were in. */
export type Family = { members: readonly Proc[]; sessions: ReadonlySet<number> };

export const nobody: Family = { members: [], sessions: new Set() };

/**
 * Who belongs now: whoever did and still lives, whoever `isMarked`, and by turns the children of these and those in a
 * session of these. Never we ourselves, nor whoever started us.
 */
export function reunite(
  known: Family,
  { table, self, isMarked }: { table: readonly Proc[]; self: number; isMarked: (proc: Proc) => boolean },
): Family {
  const ours = new Set(lineOf(self, table));
  const strangers = table.filter(({ pid }) => !ours.has(pid));
  const sessions = new Set([...known.sessions].filter((session) => !isTakenOver(session, known, table)));
  const wasKnown = (proc: Proc) =>
    isSame(
      proc,
      known.members.find(({ pid }) => pid === proc.pid),
    );

  let members = strangers.filter((proc) => wasKnown(proc) || sessions.has(proc.session) || isMarked(proc));
  for (let before = -1; members.length !== before;) {
    before = members.length;
    const parents = new Set(members.map(({ pid }) => pid));
    for (const { session } of members) if (!ours.has(session)) sessions.add(session);
    members = strangers.filter(
      ({ pid, parent, session }) => parents.has(pid) || parents.has(parent) || sessions.has(session),
    );
  }
  return { members, sessions: new Set(members.map(({ session }) => session)) };
}

/** The marker that a process carries. */
export function markerOf(proc: Proc): string | undefined {
  const start = `${markerVariable}=`;
  return environmentOf(proc)
    .find((variable) => variable.startsWith(start))
    ?.slice(start.length);
}

function lineOf(pid: number, table: readonly Proc[]): number[] {
  const proc = table.find((candidate) => candidate.pid === pid);
  return proc ? [pid, ...lineOf(proc.parent, table)] : [pid];
}

/** A session is named by its leader's pid, which is free for anybody once leader and session are gone. */
function isTakenOver(session: number, { members }: Family, table: readonly Proc[]): boolean {
  const leader = table.find(({ pid }) => pid === session);
  return leader !== undefined && !members.some((member) => isSame(member, leader));
}
