/** A folder that other processes of this machine lay things into, whole or not at all. */
export interface DropBox<Thing> {
  drop(thing: Thing): Promise<string>;
  /** What lies there, the oldest first, with a key to remove it by. A thing that cannot be read is set aside by name. */
  waiting(): Promise<{ things: { key: string; thing: Thing }[]; bad: { key: string; why: string }[] }>;
  remove(key: string): Promise<void>;
}
