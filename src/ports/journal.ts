/** Lines that are on disk when `append` resolves, in the order in which they were appended. */
export interface Journal<Entry> {
  /** All entries from the first on. What a crash left of a half-written last line is cut off. */
  read(): Promise<Entry[]>;
  /** One write and one sync for all of them. */
  append(entries: readonly Entry[]): Promise<void>;
  /** Replaces all that was written by these entries, which say the same with less. */
  compact(entries: readonly Entry[]): Promise<void>;
}
