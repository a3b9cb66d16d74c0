import { sliced, type RichText } from "./rich-text.ts";

/** A part of a text under a heading of its own; what stands before the first one has none. */
export type Section = { title: string; body: RichText };

/** Cuts a text at its largest headings. */
export function sectionsOf(rich: RichText): Section[] {
  const headings = rich.marks.flatMap((mark) => (mark.kind === "heading" ? [mark] : []));
  const largest = Math.min(...headings.map(({ level }) => level));
  const begins = headings.filter(({ level }) => level === largest);
  const first = begins[0];
  if (!first) return [{ title: "", body: rich }];
  const before = { title: "", body: sliced(rich, 0, first.start) };
  const sections = begins.map(({ start, end }, n) => ({
    title: rich.text.slice(start, end).replaceAll("\n", " "),
    body: sliced(rich, end, begins[n + 1]?.start ?? rich.text.length),
  }));
  return before.body.text === "" ? sections : [before, ...sections];
}
