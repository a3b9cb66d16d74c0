/**
 * A page of Markdown made of sections, each between two comments that name it. Comments do not show, and whatever a
 * person writes outside of them stays.
 */
export type Section = { marker: string; markdown: string };

export function newPage(name: string): string {
  return `# ${name}\n`;
}

/** Where a section is written; one that a crash has cut short ends where the next one begins. */
export function spanOf(
  page: string,
  marker: string,
): { start: number; end: number; isWhole: boolean } | undefined {
  const start = page.lastIndexOf(opening(marker));
  if (start === -1) return undefined;
  const close = closing(marker);
  const closed = page.indexOf(close, start);
  if (closed !== -1) return { start, end: closed + close.length, isWhole: true };
  const next = page.indexOf("\n<!-- pawl ", start);
  return { start, end: next === -1 ? page.length : next + 1, isWhole: false };
}

/** The sections that stand there, with the time below each. */
export function markersOf(page: string): { marker: string; at: string | undefined; words: string }[] {
  return [...page.matchAll(/^<!-- pawl (.+) -->\n([^]*?)^<!-- \/pawl \1 -->$/gm)].map(
    ([, marker = "", text = ""]) => ({
      marker: marker.replace(/- (?=-)/g, "-"),
      at: / · (\d{4}-\d\d-\d\dT[\d:.]+Z)\s*$/.exec(text)?.[1],
      words: text.trim().split("\n", 1)[0]?.slice(0, 100).toWellFormed() ?? "",
    }),
  );
}

/** What is to be added at the end of a page that ends with `lastCharacter`. */
export function addition(section: Section, lastCharacter: string): string {
  return `${lastCharacter === "\n" || lastCharacter === "" ? "" : "\n"}\n${written(section)}`;
}

export function withSection(page: string, section: Section): string {
  const span = spanOf(page, section.marker);
  if (!span) return page + addition(section, page.at(-1) ?? "");
  return page.slice(0, span.start) + written(section) + page.slice(span.end);
}

export function withoutSection(page: string, marker: string): string {
  const span = spanOf(page, marker);
  if (!span) return page;
  const before = page.slice(0, span.start).replace(/\n\n$/, "\n");
  return before + page.slice(span.end);
}

function written({ marker, markdown }: Section): string {
  // Nobody's text begins or ends a section of ours.
  const harmless = markdown.replace(/<!--/g, "&lt;!--").trim();
  return `${opening(marker)}\n${harmless}\n${closing(marker)}`;
}

function opening(marker: string): string {
  return `<!-- pawl ${word(marker)} -->`;
}

function closing(marker: string): string {
  return `<!-- /pawl ${word(marker)} -->\n`;
}

/** A comment must hold no two hyphens in a row, and stay on its line. */
function word(marker: string): string {
  return marker.replace(/[\r\n<>]/g, " ").replace(/-(?=-)/g, "- ");
}
