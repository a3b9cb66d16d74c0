/** What the owner types into a chat: `/queue`, `/show T-…`, `/quiet 2h`. */
export interface OwnerCommands {
  /**
   * @param name without the slash
   * @param args the rest of the line
   * @param person as the configuration calls whoever typed it
   * @returns what to answer; an unknown command is answered with what there is. Rejects with a Fault only.
   */
  answer(name: string, args: string, person: string): Promise<{ markdown: string }>;
}
