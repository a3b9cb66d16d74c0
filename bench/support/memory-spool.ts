import type { Spool } from "../../src/ports/spool.ts";

export function memorySpool<Value>(): Spool<Value> {
  let kept: Value | undefined;
  return {
    read: async () => kept,
    async write(value) {
      kept = value;
    },
  };
}
