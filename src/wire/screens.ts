import { text } from "node:stream/consumers";
import { createInterface, emitKeypressEvents } from "node:readline";

import type { Input, Screen } from "./world.ts";

/** A stream of this process as commands see it. A reader that has gone away is not an error, but `written` says so. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  let broken: Error | undefined;
  stream.on("error", (error) => (broken = error));
  return {
    write(said) {
      if (!broken) stream.write(said);
    },
    written: () =>
      new Promise((resolve, reject) => {
        if (broken) reject(broken);
        else stream.write("", (error) => (error ? reject(error) : resolve()));
      }),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
  };
}

export function inputOf(stream: NodeJS.ReadStream): Input {
  return {
    isTerminal: stream.isTTY,
    text: () => text(stream),
    async line() {
      const lines = createInterface({ input: stream, terminal: false });
      try {
        for await (const line of lines) return line;
        return "";
      } finally {
        lines.close();
        stream.pause();
      }
    },
    keys(pressed) {
      if (!stream.isTTY) return { [Symbol.dispose]() {} };
      const heard = (_: unknown, { name, ctrl }: { name?: string; ctrl: boolean }) =>
        pressed(ctrl ? `ctrl-${name}` : (name ?? ""));
      emitKeypressEvents(stream);
      stream.setRawMode(true).on("keypress", heard).resume();
      return {
        [Symbol.dispose]() {
          stream.off("keypress", heard).setRawMode(false).pause();
        },
      };
    },
  };
}
