import { describe, expect, test } from "vitest";

import { NodeName } from "../../src/core/ids.ts";
import { decodeText } from "../../src/format/bytes.ts";
import type { HistoryEntry, Proposal, Receipt, SharedRepo, Snapshot } from "../../src/ports/shared-repo.ts";
import type { Files } from "../support/repos.ts";

/** A remote whose first commit holds README.md, and somebody beside the nodes who changes it. */
export type World = AsyncDisposable & {
  open(name: string): Promise<SharedRepo>;
  plant(files: Files, links?: Record<string, string>): void;
  rewind(): void;
  rewindTo(commit: string): void;
  /** From now on the remote takes no beat of this worker: a killed push left a lock behind. */
  lockBeat(worker: NodeName): void;
  /** A file of the remote's newest commit. */
  bytes(path: string): Uint8Array;
};

const w1 = NodeName.parse("w1");
const w2 = NodeName.parse("w2");

/** What every SharedRepo promises. */
export function describeSharedRepo(name: string, make: () => Promise<World>, tags: string[] = []): void {
  describe(`${name} as a shared repo`, { tags }, () => {
    test("shows one machine what another has published", async () => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      const before = await bob.fetch();
      const receipt = await ada.publish(note(await ada.fetch(), "from ada\n"));
      const after = await bob.fetch();
      expect(receipt).toMatchObject({ kind: "accepted", snapshot: { commit: after.commit } });
      expect(await after.read("NOTE.md")).toBe("from ada\n");
      expect(await after.read("README.md")).toBe("# Ledger\n");
      expect(await before.read("NOTE.md")).toBeUndefined();
    });

    test("tells the loser of a race that he is outdated, and keeps the winner's work", async () => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      const proposal = note(await bob.fetch(), "from bob\n");
      await ada.publish(note(await ada.fetch(), "from ada\n"));
      expect(await bob.publish(proposal)).toEqual({ kind: "outdated" });
      expect(await (await bob.fetch()).read("NOTE.md")).toBe("from ada\n");
    });

    test("accepts one of two identical changes of the same second", async () => {
      await using world = await make();
      const twins = [await world.open("ada"), await world.open("ada-too")];
      const proposals = await Promise.all(twins.map(async (twin) => note(await twin.fetch(), "the same\n")));
      const receipts = await Promise.all(twins.map((twin, n) => twin.publish(proposals[n]!)));
      expect(receipts.filter(({ kind }) => kind === "accepted")).toHaveLength(1);
    });

    test("goes on from what it published without fetching", async () => {
      await using world = await make();
      const ada = await world.open("ada");
      const first = accepted(await ada.publish(note(await ada.fetch(), "one\n")));
      const second = accepted(await ada.publish(note(first, "two\n")));
      expect(await first.read("NOTE.md")).toBe("one\n");
      expect(await second.read("NOTE.md")).toBe("two\n");
    });

    test("removes a file, and the folder with its last one", async () => {
      await using world = await make();
      world.plant({ "a/b/c.md": "gone soon\n" });
      const ada = await world.open("ada");
      const parent = await ada.fetch();
      const after = accepted(
        await ada.publish({ ...note(parent, ""), files: new Map([["a/b/c.md", null]]) }),
      );
      expect(await after.read("a/b/c.md")).toBeUndefined();
      expect(await after.list("a/b")).toEqual([]);
      expect(await parent.read("a/b/c.md")).toBe("gone soon\n");
    });

    test("lists the regular files of one folder, sorted", async () => {
      await using world = await make();
      const files = { "d/b.md": "", "d/a.md": "", "d/B.md": "", "d/a-b.md": "", "d/sub/x.md": "" };
      world.plant(files, { "d/link.md": "a.md" });
      const snapshot = await (await world.open("ada")).fetch();
      expect(await snapshot.list("d")).toEqual(["B.md", "a-b.md", "a.md", "b.md"]);
      expect(await snapshot.list("")).toEqual(["README.md"]);
      expect(await snapshot.list("nowhere")).toEqual([]);
      expect(await snapshot.list("README.md")).toEqual([]);
    });

    test("reads nothing but regular files", async () => {
      await using world = await make();
      world.plant({ "d/a.md": "a\n" }, { "link.md": "d/a.md" });
      const snapshot = await (await world.open("ada")).fetch();
      expect(await snapshot.read("link.md")).toBeUndefined();
      expect(await snapshot.read("d")).toBeUndefined();
      expect(await snapshot.read("README.md/a")).toBeUndefined();
    });

    test("answers many reads at once", async () => {
      await using world = await make();
      const names = Array.from({ length: 50 }, (_, n) => `d/${n}.md`);
      world.plant(Object.fromEntries(names.map((name) => [name, `this is ${name}\n`])));
      const snapshot = await (await world.open("ada")).fetch();
      expect(await Promise.all(names.map((name) => snapshot.read(name)))).toEqual(
        names.map((name) => `this is ${name}\n`),
      );
    });

    test("sees the branch and the beats move without fetching", async () => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      const before = await bob.look();
      const { commit } = accepted(await ada.publish(note(await ada.fetch(), "moved\n")));
      await ada.beat(w1, "alive");
      const after = await bob.look();
      expect(after.head).toBe(commit);
      expect(after.head).not.toBe(before.head);
      expect([...after.beats.keys()]).toEqual([w1]);
    });

    test("carries a beat along with a change", async () => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      const beat = { worker: w1, text: "busy\n\nwith 🪛\n" };
      const receipt = await ada.publish({ ...note(await ada.fetch(), "result\n"), beat });
      expect(receipt).toMatchObject({ kind: "accepted", beat: "arrived" });
      const { beats } = await bob.look();
      expect(await bob.readBeat(w1, beats.get(w1)!)).toBe(beat.text);
    });

    test("carries a beat without any change", async () => {
      await using world = await make();
      const ada = await world.open("ada");
      const parent = await ada.fetch();
      const beat = { worker: w1, text: "nothing to do" };
      const receipt = await ada.publish({ parent, message: "unused", files: new Map(), beat });
      const { head, beats } = await ada.look();
      expect(receipt).toMatchObject({
        kind: "accepted",
        snapshot: { commit: parent.commit },
        beat: "arrived",
      });
      expect(head).toBe(parent.commit);
      expect(await ada.readBeat(w1, beats.get(w1)!)).toBe("nothing to do");
    });

    test("tells when the change was taken and the beat that rode along was not", async () => {
      await using world = await make();
      const ada = await world.open("ada");
      expect(await ada.beat(w1, "one")).toBe("accepted");
      const before = (await ada.look()).beats;
      world.lockBeat(w1);
      const beat = { worker: w1, text: "two" };
      const receipt = await ada.publish({ ...note(await ada.fetch(), "result\n"), beat });
      const { head, beats } = await ada.look();
      expect(receipt).toMatchObject({ kind: "accepted", snapshot: { commit: head }, beat: "refused" });
      expect(beats).toEqual(before);
      expect(await ada.beat(w1, "two")).toBe("outdated");
      const silent = await ada.publish(note(accepted(receipt), "without any beat\n"));
      expect(silent).toMatchObject({ kind: "accepted" });
      expect(silent).not.toHaveProperty("beat");
    });

    test("replaces a worker's beat, and never another's", async () => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      expect(await ada.beat(w1, "one")).toBe("accepted");
      expect(await ada.beat(w2, "other")).toBe("accepted");
      const first = (await bob.look()).beats;
      expect(await bob.readBeat(w1, first.get(w1)!)).toBe("one");
      expect(await ada.beat(w1, "one")).toBe("accepted");
      const second = (await bob.look()).beats;
      expect(second.get(w1)).not.toBe(first.get(w1));
      expect(second.get(w2)).toBe(first.get(w2));
      expect(await bob.readBeat(w1, second.get(w1)!)).toBe("one");
      expect(await bob.readBeat(w1, first.get(w1)!)).toBeUndefined();
    });

    test("knows no beat of a worker that never gave one", async () => {
      await using world = await make();
      const ada = await world.open("ada");
      const { commit } = await ada.fetch();
      expect(await ada.readBeat(w1, commit)).toBeUndefined();
    });

    test("tells the history, newest first", async () => {
      await using world = await make();
      const ada = await world.open("ada");
      const first = await ada.fetch();
      const second = accepted(await ada.publish({ ...note(first, "2\n"), message: "second\n\nNode: ada\n" }));
      const third = accepted(await ada.publish({ ...note(second, "3\n"), message: "third\n" }));
      const recent = await all(ada.history(first.commit));
      expect(recent).toMatchObject([
        { commit: third.commit, parents: [second.commit], message: "third", author: "ada" },
        { commit: second.commit, parents: [first.commit], message: "second\n\nNode: ada", author: "ada" },
      ]);
      expect(recent.map(({ at }) => Number.isNaN(Date.parse(at)))).toEqual([false, false]);
      expect((await all(ada.history())).at(-1)).toMatchObject({ commit: first.commit, parents: [] });
      expect(await all(ada.history(third.commit))).toEqual([]);
      expect(await all(ada.history(second.commit.slice(0, 12)))).toHaveLength(1);
      await expect(all(ada.history("nosuch"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
      await expect(all(ada.history("f".repeat(40)))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    });

    test("tells what happened before it looked for the first time", async () => {
      await using world = await make();
      world.plant({ "a.md": "a\n" });
      world.plant({ "b.md": "b\n" });
      const ada = await world.open("ada");
      const { commit } = await ada.fetch();
      const told = await all(ada.history());
      expect(told.map(({ message }) => message)).toEqual(["planted", "planted", "planted"]);
      expect(told[0]?.commit).toBe(commit);
      expect(await all(ada.history(told[1]!.commit))).toHaveLength(1);
      accepted(await ada.publish(note(await ada.fetch(), "and goes on\n")));
    });

    test("gives back bytes that are no UTF-8 as they were", async () => {
      await using world = await make();
      const latin1 = Buffer.from("- [ ] gr\xfc\xdfe \x80\xff\n", "latin1");
      world.plant({ "worker/QUEUE.md": latin1 });
      const ada = await world.open("ada");
      const parent = await ada.fetch();
      const text = await parent.read("worker/QUEUE.md");
      expect(text).toBe(decodeText(latin1));
      const files = new Map([["worker/QUEUE.md", `${text}- [ ] größer\n`]]);
      accepted(await ada.publish({ ...note(parent, ""), files }));
      expect(Buffer.from(world.bytes("worker/QUEUE.md"))).toEqual(
        Buffer.concat([latin1, Buffer.from("- [ ] größer\n")]),
      );
    });

    test.each([
      "with space.md",
      "q\"uo'te.md",
      "back\\slash.md",
      "größe/日本.md",
      "🪛.md",
      "tab\there.md",
      "$(x);&.md",
    ])("takes the path %j", async (path) => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      accepted(await ada.publish({ ...note(await ada.fetch(), ""), files: new Map([[path, "odd\n"]]) }));
      const snapshot = await bob.fetch();
      expect(await snapshot.read(path)).toBe("odd\n");
      const folder = path.split("/").slice(0, -1).join("/");
      expect(await snapshot.list(folder)).toContain(path.split("/").at(-1));
    });

    test("takes a file of 300 KB, and an empty one", async () => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      const large = "a line of the report\n".repeat(15_000);
      const files = new Map([["large.md", large]]).set("empty.md", "");
      accepted(await ada.publish({ ...note(await ada.fetch(), ""), files }));
      const snapshot = await bob.fetch();
      expect(await snapshot.read("large.md")).toBe(large);
      expect(await snapshot.read("empty.md")).toBe("");
    });

    test("refuses a history that was replaced, again and again", async () => {
      await using world = await make();
      world.plant({ "a.md": "a\n" });
      const ada = await world.open("ada");
      await ada.fetch();
      world.rewind();
      await expect(ada.fetch()).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
      await expect(ada.fetch()).rejects.toMatchObject({ code: "REMOTE_REWOUND", hint: /history/ });
    });

    test("puts back what a rewind took away", async () => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      const first = await bob.fetch();
      const second = accepted(await ada.publish(note(await ada.fetch(), "2\n")));
      const third = accepted(await ada.publish(note(second, "3\n")));
      world.rewindTo(first.commit);
      expect((await bob.fetch()).commit).toBe(first.commit);
      await expect(ada.fetch()).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
      expect(await ada.restore(first.commit)).toBe("accepted");
      expect((await ada.fetch()).commit).toBe(third.commit);
      expect(await (await bob.fetch()).read("NOTE.md")).toBe("3\n");
    });

    test("puts a rewound history back by publishing on what it saw", async () => {
      await using world = await make();
      const ada = await world.open("ada");
      const first = await ada.fetch();
      const second = accepted(await ada.publish(note(first, "2\n")));
      world.rewindTo(first.commit);
      const third = accepted(await ada.publish(note(second, "3\n")));
      expect((await all(ada.history())).map(({ commit }) => commit)).toContain(second.commit);
      expect((await ada.look()).head).toBe(third.commit);
    });

    test("never puts anything over what others did since", async () => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      const first = await bob.fetch();
      accepted(await ada.publish(note(await ada.fetch(), "from ada\n")));
      world.rewindTo(first.commit);
      const theirs = accepted(await bob.publish(note(first, "from bob\n")));
      expect(await ada.restore(theirs.commit)).toBe("outdated");
      expect(await ada.restore(first.commit), "somebody was faster").toBe("outdated");
      const newest = accepted(await bob.publish(note(theirs, "more\n")));
      expect(await ada.restore(newest.commit), "of which we have not even heard").toBe("outdated");
      await expect(ada.fetch()).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
      expect((await ada.look()).head).toBe(newest.commit);
    });

    test("takes another history when it is told to, and goes on from there", async () => {
      await using world = await make();
      world.plant({ "a.md": "a\n" });
      const ada = await world.open("ada");
      await ada.fetch();
      world.rewind();
      const accepting = await ada.accept();
      expect(await accepting.read("REWOUND.md")).toBe("history was replaced\n");
      accepted(await ada.publish(note(await ada.fetch(), "on top of it\n")));
    });

    test("takes another history only if it is the one that was looked at, or goes on from there", async () => {
      await using world = await make();
      const [ada, bob] = [await world.open("ada"), await world.open("bob")];
      const first = await bob.fetch();
      const mine = accepted(await ada.publish(note(await ada.fetch(), "from ada\n")));
      world.rewindTo(first.commit);
      const theirs = accepted(await bob.publish(note(first, "from bob\n")));
      await expect(ada.accept(mine.commit)).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
      await expect(ada.fetch(), "nothing is forgotten").rejects.toMatchObject({ code: "REMOTE_REWOUND" });
      const newest = accepted(await bob.publish(note(theirs, "more\n")));
      expect((await ada.accept(theirs.commit)).commit).toBe(newest.commit);
    });

    test("shows the files of each commit that history told of", async () => {
      await using world = await make();
      const ada = await world.open("ada");
      const first = await ada.fetch();
      const second = accepted(await ada.publish(note(first, "2\n")));
      accepted(await ada.publish(note(second, "3\n")));
      const told = await all(ada.history());
      const texts = await Promise.all(
        told.slice(0, 3).map(async ({ commit }) => (await ada.at(commit)).read("NOTE.md")),
      );
      expect(texts).toEqual(["3\n", "2\n", undefined]);
    });

    test("names the files in which two snapshots differ", async () => {
      await using world = await make();
      world.plant({ "a.md": "a\n", "d/b.md": "b\n", "d/same.md": "=\n", "gone/x.md": "x\n" });
      const ada = await world.open("ada");
      const before = await ada.fetch();
      world.plant({ "d/b.md": "B\n", "d/e/new.md": "n\n" });
      const planted = await ada.fetch();
      const files = new Map([["gone/x.md", null]]);
      const after = accepted(await ada.publish({ ...note(planted, ""), files }));
      expect(await after.differs(before)).toEqual(["d/b.md", "d/e/new.md", "gone/x.md"]);
      expect(await before.differs(after)).toEqual(["d/b.md", "d/e/new.md", "gone/x.md"]);
      expect(await after.differs(after)).toEqual([]);
    });

    test("loses nothing when three machines append at once", async () => {
      await using world = await make();
      const names = ["ada", "bob", "cyd"];
      await Promise.all(names.map(async (name) => appendTenTimes(await world.open(name), name)));
      const lines = (await (await (await world.open("eve")).fetch()).read("LOG.md"))!.trimEnd().split("\n");
      expect(lines).toHaveLength(30);
      expect(new Set(lines).size).toBe(30);
    });
  });
}

async function appendTenTimes(repo: SharedRepo, name: string): Promise<void> {
  for (let n = 0; n < 10; n++) {
    const line = `${name} ${n}\n`;
    for (let done = false; !done;) {
      const parent = await repo.fetch();
      const log = (await parent.read("LOG.md")) ?? "";
      if (log.includes(line)) break;
      const receipt = await repo.publish({ parent, message: line, files: new Map([["LOG.md", log + line]]) });
      done = receipt.kind === "accepted";
    }
  }
}

function note(parent: Snapshot, text: string): Proposal {
  return { parent, message: "a note\n", files: new Map([["NOTE.md", text]]) };
}

function accepted(receipt: Receipt): Snapshot {
  if (receipt.kind !== "accepted") throw new Error(`expected it to be accepted: ${JSON.stringify(receipt)}`);
  return receipt.snapshot;
}

async function all(entries: AsyncIterable<HistoryEntry>): Promise<HistoryEntry[]> {
  const told: HistoryEntry[] = [];
  for await (const entry of entries) told.push(entry);
  return told;
}
