import { addressesIn, shownAddress, type Stretch } from "./addresses.ts";
import { inOrder, type Mark, type RichText } from "./rich-text.ts";

export type Style =
  | { kind: "bold" | "italic" | "strikethrough" | "quote" }
  | { kind: "heading"; level: number };

/** `start` is -1 until something has been written into it; an idle one repeats what is open already. */
type Open = { style: Style; start: number; idle: boolean };

/** Puts a rich text together from its beginning to its end. */
export class RichWriter {
  readonly #most: number;
  readonly #parts: string[] = [];
  readonly #marks: Mark[] = [];
  readonly #open: Open[] = [];
  #length = 0;
  #lineBreaks = 0;
  #isLineStart = true;
  #indent = "";
  #lead = "";

  /** @param most what would go beyond so many UTF-16 units is dropped: a few signs can repeat a long address for ever */
  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#length >= this.#most;
  }

  /** The next text begins so many lines further down, if anything stands above it. */
  breakLine(lines: 1 | 2 = 1): void {
    this.#lineBreaks = Math.max(this.#lineBreaks, lines);
  }

  /** From the next line on lines begin with `indent`; the first of them with `lead`. */
  indent(indent: string, lead = indent): void {
    this.#indent = indent;
    this.#lead = lead;
  }

  /** What the next line begins with. */
  get lead(): string {
    return this.#lead;
  }

  text(text: string): void {
    for (const stretch of addressesIn(text)) this.#stretch(stretch);
  }

  /** An address as itself, a link if it is one of the web. */
  address(href: string): void {
    this.#stretch(shownAddress(href));
  }

  code(text: string): void {
    this.#begin();
    this.#apart((start, end) => ({ kind: "code", start, end }), text);
  }

  /** Code in lines of its own; they are not indented. */
  pre(text: string, language: string | undefined): void {
    this.#lead = this.#lead.trimEnd();
    this.#begin();
    if (!this.#isLineStart) this.#append("\n");
    this.#apart(
      (start, end) => ({ kind: "pre", start, end, ...(language === undefined ? {} : { language }) }),
      text,
    );
  }

  open(style: Style): void {
    const idle = this.#open.some((other) => !other.idle && includes(other.style, style));
    this.#open.push({ style, start: -1, idle });
  }

  close(): void {
    const open = this.#open.pop();
    if (open) this.#end(open);
  }

  finish(): RichText {
    while (this.#open.length > 0) this.close();
    const text = this.#parts.join("");
    const marks = this.#marks.flatMap((mark) => withoutEdges(mark, text) ?? []);
    return { text: text.trimEnd(), marks: inOrder(marks) };
  }

  #stretch({ text, url }: Stretch): void {
    this.#begin();
    const start = this.#length;
    this.#startMarks();
    this.#append(text);
    if (url !== undefined && this.#length > start) {
      this.#marks.push({ kind: "link", url, start, end: this.#length });
    }
  }

  /** In code nothing else is shown, so whatever is open ends before it and goes on behind it; a quote alone holds code. */
  #apart(mark: (start: number, end: number) => Mark, text: string): void {
    for (const open of this.#open) if (open.style.kind !== "quote") this.#end(open);
    this.#startMarks("quote");
    const start = this.#length;
    this.#append(text);
    if (this.#length > start) this.#marks.push(mark(start, this.#length));
  }

  #begin(): void {
    if (this.#lineBreaks > 0 && this.#length > 0) {
      this.#append("\n".repeat(this.#lineBreaks));
      this.#isLineStart = true;
    }
    this.#lineBreaks = 0;
    if (!this.#isLineStart) return;
    this.#startMarks("quote");
    this.#append(this.#lead);
    this.#lead = this.#indent;
  }

  #startMarks(kind?: "quote"): void {
    for (const open of this.#open) {
      if (open.start === -1 && (kind === undefined || open.style.kind === kind)) open.start = this.#length;
    }
  }

  #end(open: Open): void {
    const { idle, start, style } = open;
    if (!idle && start !== -1 && start < this.#length) {
      this.#marks.push({ ...style, start, end: this.#length });
    }
    open.start = -1;
  }

  #append(text: string): void {
    if (text === "") return;
    const room = this.#most - this.#length;
    const fitting = text.length <= room ? text : text.slice(0, Math.max(0, room)).toWellFormed();
    this.#parts.push(fitting);
    this.#length += fitting.length;
    this.#isLineStart = false;
  }
}

/** A heading is bold on most networks, and few can show a mark within one of the same kind. */
function includes(outer: Style, inner: Style): boolean {
  return outer.kind === inner.kind || (outer.kind === "heading" && inner.kind === "bold");
}

/** Signs around white space are taken literally by some networks. */
function withoutEdges(mark: Mark, text: string): Mark | undefined {
  let { start, end } = mark;
  while (start < end && /\s/.test(text.charAt(end - 1))) end--;
  if (mark.kind !== "pre") while (start < end && /\s/.test(text.charAt(start))) start++;
  return start < end ? { ...mark, start, end } : undefined;
}
