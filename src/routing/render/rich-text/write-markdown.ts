import type { RichText } from "./rich-text.ts";

/** How a network writes what we know as marks. */
export type Dialect = {
  /** Words as words: nothing in them may be read as a sign, a mention or a link. */
  words(text: string): string;
  /** The beginning of a line, before its words are escaped; answers what to write in its place. */
  lineStart(line: string): string;
  heading: string;
  /** What a line of small letters begins with. */
  small: string;
  /** What ends a line that is not the last of its paragraph. */
  lineEnd: string;
  /** Code stands apart by itself: no empty line goes before or behind it. */
  tightCode?: true;
};

const signs = { bold: "**", italic: "*", strikethrough: "~~" } as const;

type Styled = { kind: keyof typeof signs; end: number };

/**
 * Rich text in a network's Markdown. Styles end with their line and begin again on the next one, so that the beginning
 * of a line stays free for the signs of headings and quotes.
 */
export function writeMarkdown({ text, marks }: RichText, dialect: Dialect): string {
  const page = new Page(dialect);
  const open: Styled[] = [];
  let next = 0;
  let quoteEnd = 0;
  for (let at = 0; at < text.length;) {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= at) page.style(open.pop(), "end");
    page.quoted = at < quoteEnd;
    const mark = marks[next];
    if (mark === undefined || mark.start > at) {
      const end = Math.min(mark?.start ?? text.length, open.at(-1)?.end ?? text.length, text.length);
      const stop = page.quoted ? Math.min(end, quoteEnd) : end;
      page.words(text.slice(at, stop), open);
      at = stop;
      continue;
    }
    next++;
    const inside = text.slice(mark.start, mark.end);
    switch (mark.kind) {
      case "quote":
      case "fold":
        quoteEnd = mark.end;
        break;
      case "heading":
        page.lineSign("heading");
        break;
      case "small":
        page.lineSign("small");
        break;
      case "code":
        page.code(inside);
        at = mark.end;
        break;
      case "pre":
        page.pre(inside, mark.language);
        at = mark.end;
        break;
      case "link":
        page.link(mark.url);
        at = mark.end;
        break;
      default:
        open.push({ kind: mark.kind, end: mark.end });
        page.style(open.at(-1), "begin");
    }
  }
  while (open.length > 0) page.style(open.pop(), "end");
  return page.text();
}

/** What is on the page so far. */
class Page {
  readonly #dialect: Dialect;
  readonly #parts: string[] = [];
  #isLineStart = true;
  #isAfterCode = false;
  #last = "";
  quoted = false;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  text(): string {
    return this.#parts.join("");
  }

  words(text: string, open: readonly Styled[]): void {
    const isTight = this.#isAfterCode && this.#dialect.tightCode && text.startsWith("\n\n");
    this.#isAfterCode = false;
    for (const [n, line] of text
      .slice(isTight ? 1 : 0)
      .split("\n")
      .entries()) {
      if (n > 0) this.#newLine(open, line === "");
      if (line === "") continue;
      const start = this.#isLineStart ? this.#dialect.lineStart(line) : "";
      this.#put(start + this.#dialect.words(this.#isLineStart ? line.slice(startOf(line)) : line));
    }
  }

  /** Two pairs of signs that touch would be read as one. */
  style(mark: Styled | undefined, edge: "begin" | "end"): void {
    if (!mark) return;
    const sign = signs[mark.kind];
    const touches = edge === "begin" && this.#last.endsWith(sign.charAt(0));
    this.#put(touches ? `${wordJoiner}${sign}` : sign);
  }

  lineSign(kind: "heading" | "small"): void {
    if (this.#isLineStart) this.#put(this.#dialect[kind]);
  }

  code(text: string): void {
    const inside = text.replaceAll("``", `\`${wordJoiner}\``).replaceAll("\n", " ");
    this.#put(inside.includes("`") ? `\`\` ${inside} \`\`` : `\`${inside}\``);
  }

  pre(text: string, language = ""): void {
    if (!this.#isLineStart) this.#newLine([], false);
    if (this.#dialect.tightCode && this.#parts.at(-1) === "\n" && this.#parts.at(-2) === "\n")
      this.#parts.pop();
    const inside = text.replaceAll("```", `\`\`${wordJoiner}\``);
    for (const [n, line] of ["```" + language, ...inside.split("\n"), "```"].entries()) {
      if (n > 0) this.#newLine([], true);
      // An empty line would end the quote.
      if (line === "" && this.quoted) this.#parts.push(">");
      this.#put(line);
    }
    this.#isAfterCode = true;
  }

  link(url: string): void {
    this.#put(`<${url}>`);
  }

  #newLine(open: readonly Styled[], nextIsEmpty: boolean): void {
    for (const { kind } of open.toReversed()) this.#parts.push(signs[kind]);
    const ends = !nextIsEmpty && !this.#isLineStart;
    this.#parts.push(ends ? `${this.#dialect.lineEnd}\n` : "\n");
    this.#isLineStart = true;
    this.#last = "";
    if (open.length > 0) this.#put(open.map(({ kind }) => signs[kind]).join(""));
  }

  #put(text: string): void {
    if (text === "") return;
    if (this.#isLineStart && this.quoted) this.#parts.push("> ");
    this.#isLineStart = false;
    this.#parts.push(text);
    this.#last = text;
  }
}

function startOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Of no width; keeps signs apart without a gap. */
export const wordJoiner = "\u2060";
