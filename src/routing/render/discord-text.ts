import { cut, type Room } from "./rich-text/split.ts";
import type { RichText } from "./rich-text/rich-text.ts";
import { wordJoiner, writeMarkdown, type Dialect } from "./rich-text/write-markdown.ts";

const discord: Dialect = {
  words: (text) => withoutMentions(text).replace(/[\\*_~`|<>[\]]/g, "\\$&"),
  lineStart(line) {
    const space = /^\s*/.exec(line)?.[0] ?? "";
    return /^(?:#|-|\+ )/.test(line.slice(space.length)) ? `${space}\\` : space;
  },
  heading: "### ",
  small: "-# ",
  lineEnd: "",
  tightCode: true,
};

/** A character of no width keeps names from being looked up; the address of a mailbox stays whole. */
function withoutMentions(text: string): string {
  return text.replace(/[\w+-]@(?!everyone|here)[\w-]+\.\w|@/g, (found) =>
    found === "@" ? `@${wordJoiner}` : found,
  );
}

export function discordText(rich: RichText): string {
  return writeMarkdown(rich, discord);
}

/** As much of the text as fits once it is written, its signs included. */
export function fittingDiscordText(rich: RichText, units: number): { text: string; isWhole: boolean } {
  const whole = rich.text.length > units ? undefined : discordText(rich);
  if (whole !== undefined && whole.length <= units) return { text: whole, isWhole: true };
  // Each round is shorter by the part that was too much, so a few of them do.
  for (let room: Room = { units }; room.units > 1;) {
    const text = discordText(cut(rich, room));
    if (text.length <= units) return { text, isWhole: false };
    room = { units: Math.min(room.units - 1, Math.floor((room.units * units) / text.length)) };
  }
  return { text: "…", isWhole: false };
}
