/**
 * What a node must not forget when it dies, kept outside git. A value is written completely or not at all: after a
 * crash `read` gives the old or the new one. Rejects with SPOOL_BROKEN or DISK_FULL; the old value then stands.
 */
export interface Spool<Value> {
  /** The value last written; undefined before the first write. */
  read(): Promise<Value | undefined>;
  write(value: Value): Promise<void>;
}
