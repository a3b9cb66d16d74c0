import type { Entity } from "../../ports/channel.ts";
import type { Mark, RichText } from "./rich-text/rich-text.ts";
import { wordJoiner } from "./rich-text/write-markdown.ts";

/**
 * Telegram makes a command of every `/word` and a mention of every `@word` that it finds, and pressing a command sends
 * it. A character of no width behind the sign keeps it from seeing one; code and addresses it leaves alone.
 */
export function withoutCommands({ text, marks }: RichText): RichText {
  const places = placesToBreak(text, marks);
  if (places.length === 0) return { text, marks };
  const pieces = [0, ...places].map((start, n) => text.slice(start, places[n] ?? text.length));
  const shift = shiftBy(places);
  return {
    text: pieces.join(wordJoiner),
    // What is put in where a mark begins or ends stays outside of it.
    marks: marks.map((mark) => ({ ...mark, start: shift(mark.start + 1) - 1, end: shift(mark.end) })),
  };
}

export function entitiesOf({ marks }: RichText): Entity[] {
  return marks.map((mark) => {
    const span = { offset: mark.start, length: mark.end - mark.start };
    switch (mark.kind) {
      case "heading":
        return { type: "bold", ...span };
      case "small":
        return { type: "italic", ...span };
      case "quote":
        return { type: "blockquote", ...span };
      case "fold":
        return { type: "expandable_blockquote", ...span };
      case "link":
        return { type: "text_link", ...span, url: mark.url };
      case "pre":
        return { type: "pre", ...span, ...(mark.language === undefined ? {} : { language: mark.language }) };
      default:
        return { type: mark.kind, ...span };
    }
  });
}

/** Behind each sign outside of code and addresses that could begin a command or a mention, in order. */
function placesToBreak(text: string, marks: readonly Mark[]): number[] {
  const places: number[] = [];
  const verbatim = marks.filter(({ kind }) => kind === "code" || kind === "pre" || kind === "link");
  let next = 0;
  for (const { index } of text.matchAll(/(?<![\w/])\/(?=\w)|(?<!\w)@(?=\w)/g)) {
    while (next < verbatim.length && (verbatim[next]?.end ?? 0) <= index) next++;
    const inside = (verbatim[next]?.start ?? Infinity) <= index;
    if (!inside) places.push(index + 1);
  }
  return places;
}

/** Where an offset lies once a character has been put in at each of the places before it. */
function shiftBy(places: readonly number[]): (offset: number) => number {
  return (offset) => {
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] ?? Infinity) < offset) low = middle + 1;
      else high = middle;
    }
    return offset + low;
  };
}
