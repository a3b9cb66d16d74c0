import { describe, expect, test } from "vitest";

import { type Family, nobody, reunite } from "../../../src/adapters/child-process/family.ts";
import type { Proc } from "../../../src/adapters/child-process/proc-table.ts";

const init = aProc({ pid: 1, parent: 0 });
const worker = aProc({ pid: 10, parent: 1, session: 10 });
const root = aProc({ pid: 20, parent: 10, session: 20 });
const known: Family = { members: [root], sessions: new Set([20]) };

describe("the family of a process", () => {
  test("has its children and grandchildren, wherever they stand in the table", () => {
    const child = aProc({ pid: 31, parent: 20, session: 31 });
    const grandchild = aProc({ pid: 30, parent: 31, session: 30 });
    expect(pidsOf(known, [init, worker, grandchild, child, root])).toEqual([30, 31, 20]);
  });

  test("has an orphan that stayed in its session", () => {
    expect(pidsOf(known, [init, worker, aProc({ pid: 30, parent: 1, session: 20 })])).toEqual([30]);
  });

  test("has an orphan in a session of its own that was seen before", () => {
    const escaped = aProc({ pid: 30, parent: 1, session: 30 });
    expect(
      pidsOf({ members: [root, escaped], sessions: new Set([20, 30]) }, [init, worker, escaped]),
    ).toEqual([30]);
  });

  test("has whoever carries the marker, and their children", () => {
    const marked = aProc({ pid: 30, parent: 1, session: 30 });
    const child = aProc({ pid: 31, parent: 30, session: 31 });
    expect(pidsOf(nobody, [init, worker, marked, child], ({ pid }) => pid === 30)).toEqual([30, 31]);
  });

  test("has nobody who only got the pid of a member that is gone", () => {
    const stranger = aProc({ pid: 20, parent: 1, session: 5, started: 999 });
    const child = aProc({ pid: 30, parent: 20, session: 5 });
    expect(pidsOf(known, [init, worker, stranger, child])).toEqual([]);
  });

  test("has nobody in a session that was opened again by a stranger", () => {
    const stranger = aProc({ pid: 20, parent: 1, session: 20, started: 999 });
    const child = aProc({ pid: 30, parent: 20, session: 20 });
    expect(pidsOf(known, [init, worker, stranger, child])).toEqual([]);
  });

  test("has neither the one who asks nor anybody who started him, even when they carry the marker", () => {
    const shell = aProc({ pid: 9, parent: 1, session: 9 });
    const self = aProc({ pid: 10, parent: 9, session: 9 });
    const other = aProc({ pid: 11, parent: 9, session: 11 });
    expect(pidsOf(nobody, [init, shell, self, other], ({ pid }) => pid !== 1)).toEqual([11]);
  });

  test("forgets a session as soon as nobody is in it", () => {
    const gone = reunite(known, { table: [init, worker], self: 10, isMarked: () => false });
    expect(gone).toEqual(nobody);
  });
});

function pidsOf(before: Family, table: Proc[], isMarked: (proc: Proc) => boolean = () => false): number[] {
  return reunite(before, { table, self: 10, isMarked }).members.map(({ pid }) => pid);
}

function aProc(given: Partial<Proc> & { pid: number }): Proc {
  return { parent: 1, session: given.pid, started: 100, ...given };
}
