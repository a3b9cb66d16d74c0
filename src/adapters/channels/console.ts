import { styleText } from "node:util";

import type { Channel, Parcel, Sending } from "../../ports/channel.ts";

/** Where a command writes to. */
export type Writer = {
  write(text: string): void;
  /** Rejects when nobody reads any more. */
  written(): Promise<void>;
  readonly isTerminal: boolean;
};

/** What would go to a channel of this name is shown on the screen instead. */
export function consoleChannel({ name, screen }: { name: string; screen: Writer }): Channel {
  async function show(parcel: Parcel, remark = ""): Promise<Sending> {
    const { message } = parcel;
    if (message.kind !== "page") throw new TypeError(`the console takes no ${message.kind} message`);
    const text = safe(message.markdown).trimEnd();
    const heading = `${name}${remark}`;
    screen.write(
      screen.isTerminal
        ? `${styleText("dim", heading, always)}\n${painted(text)}\n\n`
        : `${heading}\n${text}\n\n`,
    );
    try {
      await screen.written();
    } catch {
      return {
        kind: "dead",
        code: "SCREEN_GONE",
        why: "nobody reads the output any more",
        scope: "destination",
      };
    }
    return { kind: "sent", place: { console: name } };
  }

  return {
    takes: "page",
    memory: "repeatable",
    send: (parcel) => show(parcel),
    // What is on a screen stays there; the newer words come below.
    edit: (_place, parcel) => show(parcel, " (changed)"),
    remove: (place) => Promise.resolve({ kind: "sent", place }),
    find: () => Promise.resolve({ kind: "unknown", why: "a screen cannot be read" }),
    check: () => Promise.resolve([{ ok: true, what: "shown on the screen" }]),
  };
}

/** Whether colours are wanted has been decided by whoever asks. */
const always = { validateStream: false };

/** Just enough for the eye: headings and bold words. */
function painted(markdown: string): string {
  return markdown
    .split("\n")
    .map((line) => {
      const heading = /^#{1,6} (.*)$/.exec(line)?.[1];
      if (heading !== undefined) return styleText("bold", heading, always);
      if (line.startsWith(">")) return styleText("dim", line, always);
      return line.replace(/\*\*([^*]+)\*\*/g, (_, words: string) => styleText("bold", words, always));
    })
    .join("\n");
}

/** No agent moves our cursor or turns our text around. */
function safe(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (char) =>
    char === "\n" || char === "\t" ? char : "",
  );
}
