/** What a stretch of text is, in UTF-16 units from `start` to before `end`. */
export type Mark = { start: number; end: number } & (
  | { kind: "bold" | "italic" | "strikethrough" | "code" | "quote" | "fold" | "small" }
  | { kind: "heading"; level: number }
  | { kind: "pre"; language?: string }
  /** Its text is its address, or the beginning of it: a link never hides where it leads. */
  | { kind: "link"; url: string }
);

/**
 * Text with marks beside it rather than signs in it, so that nothing is left in it to be read as a sign. Marks are in
 * the order of their starts, the longer one first; two of them lie one in the other or apart, and in code there are none.
 */
export type RichText = { text: string; marks: readonly Mark[] };

export const nothing: RichText = { text: "", marks: [] };

export function marked(text: string, kind: "bold" | "code" | "small"): RichText {
  return text === "" ? nothing : { text, marks: [{ kind, start: 0, end: text.length }] };
}

/** Puts texts behind each other; empty ones are left out with their separator. */
export function joined(parts: readonly RichText[], separator: string): RichText {
  const texts: string[] = [];
  const marks: Mark[] = [];
  let length = 0;
  for (const part of parts) {
    if (part.text === "") continue;
    if (texts.length > 0) length += separator.length;
    for (const mark of part.marks) marks.push(moved(mark, length));
    texts.push(part.text);
    length += part.text.length;
  }
  return { text: texts.join(separator), marks };
}

/** The text from `start` to before `end`, without the white space at its ends; marks that reach beyond are cut. */
export function sliced({ text, marks }: RichText, start: number, end: number): RichText {
  const piece = text.slice(start, end);
  const from = start + piece.length - piece.trimStart().length;
  const to = start + piece.trimEnd().length;
  if (from >= to) return nothing;
  const kept: Mark[] = [];
  for (const mark of marks) {
    if (mark.start >= to) break;
    if (mark.end <= from) continue;
    kept.push({ ...mark, start: Math.max(mark.start, from) - from, end: Math.min(mark.end, to) - from });
  }
  return { text: text.slice(from, to), marks: kept };
}

/** As one foldable quote, in which a network can show no other one. */
export function folded({ text, marks }: RichText): RichText {
  if (text === "") return nothing;
  const inner = marks.filter(({ kind }) => kind !== "quote");
  return { text, marks: [{ kind: "fold", start: 0, end: text.length }, ...inner] };
}

/** The marks in the order that `RichText` promises. */
export function inOrder(marks: readonly Mark[]): Mark[] {
  return marks.toSorted((a, b) => a.start - b.start || b.end - a.end);
}

function moved(mark: Mark, by: number): Mark {
  return by === 0 ? mark : { ...mark, start: mark.start + by, end: mark.end + by };
}
