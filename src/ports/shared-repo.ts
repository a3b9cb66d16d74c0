import type { NodeName } from "../core/ids.ts";

/** Where the branch and the beats stand, as the remote just told. */
export type Sight = { head: string | undefined; beats: ReadonlyMap<NodeName, string> };

/** The files of the ledger branch as of one commit. */
export interface Snapshot {
  readonly commit: string;

  /** A regular file's text, or undefined where there is none. Bytes that are no UTF-8 survive `publish` unchanged. */
  read(path: string): Promise<string | undefined>;

  /** The names of the regular files directly in `folder`, sorted; none when there is no such folder. */
  list(folder: string): Promise<string[]>;

  /** The paths of all files, of whatever kind, that are not the same as in `other`, a snapshot of the same repo; sorted. */
  differs(other: Snapshot): Promise<string[]>;
}

/** One commit on top of exactly `parent`. */
export type Proposal = {
  parent: Snapshot;
  /** Subject, blank line, trailers. */
  message: string;
  /**
   * Full new text of each changed file by path; null removes it. When there is none, the branch is left alone, only the
   * beat is sent, and what is accepted is `parent`.
   */
  files: ReadonlyMap<string, string | null>;
  /** Rides along in the same push. */
  beat?: { worker: NodeName; text: string };
};

export type Receipt =
  /** `beat` is there when one rode along: the remote may refuse it and take the commit all the same. */
  | { kind: "accepted"; snapshot: Snapshot; beat?: "arrived" | "refused" }
  /** Somebody else was first; nothing was changed. */
  | { kind: "outdated" }
  /** No clear answer: it may have landed. Fetch, and look for what you wrote. */
  | { kind: "unknown"; why: string };

/** A commit of the ledger's history. */
export type HistoryEntry = {
  commit: string;
  parents: string[];
  message: string;
  author: string;
  at: string;
};

/**
 * A branch head that several machines change by compare-and-swap, and one sign of life for each worker beside it.
 *
 * Each call has a hard deadline. All reject with a Fault that says what the remote or the disk had to say; a call that
 * was rejected may be made again. Calls on one instance must not overlap, but for `at` and the reading of snapshots.
 */
export interface SharedRepo extends AsyncDisposable {
  /** Cheap: one question to the remote, nothing is fetched. */
  look(): Promise<Sight>;

  /** The newest snapshot. Rejects with REMOTE_REWOUND when the newest head does not descend from the last one seen. */
  fetch(): Promise<Snapshot>;

  /** Text of the beat that `look` or `fetch` showed as `commit`; undefined when the remote has a newer one already. */
  readBeat(worker: NodeName, commit: string): Promise<string | undefined>;

  /** Publishes one commit, or learns that the race was lost. Never overwrites anybody's work. */
  publish(proposal: Proposal): Promise<Receipt>;

  /** Publishes a sign of life alone. Replaces the worker's former one. */
  beat(worker: NodeName, text: string): Promise<Receipt["kind"]>;

  /**
   * The commits from the newest seen back to (without) `since`, or to the beginning, newest first. The beginning of a
   * commit's id will do; rejects with FILE_NOT_FOUND when there is none, or are several.
   */
  history(since?: string): AsyncIterable<HistoryEntry>;

  /** The files as of a commit that `history` told of. */
  at(commit: string): Promise<Snapshot>;

  /**
   * After a REMOTE_REWOUND: puts the last commit seen back, by a push like any other. `outdated` when that is not ours to
   * do: the branch has commits that we do not have, be it that it went on or that it was rewound to before we came, or we
   * have not got all that is to be put back, and nobody else has. Then nothing is changed.
   *
   * @param head what `look` shows
   */
  restore(head: string | undefined): Promise<Receipt["kind"]>;

  /**
   * The newest snapshot, whatever was seen before: a person has decided that history may be replaced.
   *
   * @param head what the person saw; rejects with REMOTE_REWOUND when the newest head does not descend from it
   */
  accept(head?: string): Promise<Snapshot>;
}
