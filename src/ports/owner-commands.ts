/** What the owner types into a chat: `/queue`, `/show T-…`, `/quiet 2h`. */
export type Typed = {
  /** Without the slash. */
  name: string;
  /** The rest of the line. */
  args: string;
  /** Whoever typed it, as the configuration calls that person. */
  person: string;
  /** The same when the same line is heard again, as after a crash. */
  key: string;
};

export interface OwnerCommands {
  /**
   * May be asked for the same line again, and does it once.
   *
   * @returns what to answer; an unknown command is answered with what there is, and what went wrong with words
   */
  answer(typed: Typed): Promise<{ markdown: string }>;
}
