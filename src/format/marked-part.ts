const begin = "<!-- pawl:begin -->";
const end = "<!-- pawl:end -->";

type Part = { from: number; to: number };

/**
 * The text with `content` between the two marker lines; whatever stands outside stays byte for byte. Without a pair of
 * markers, one is appended.
 *
 * @param content lines that end in a line feed, none of which is a marker
 */
export function replacePart(existing: string, content: string): string {
  const eol = existing.includes("\r\n") ? "\r\n" : "\n";
  const own = content.replaceAll("\n", eol);
  const part = findPart(existing);
  if (part) return existing.slice(0, part.from) + own + existing.slice(part.to);
  const gap =
    existing === "" || existing.endsWith(eol + eol) ? "" : existing.endsWith("\n") ? eol : eol + eol;
  return `${existing}${gap}${begin}${eol}${own}${end}${eol}`;
}

/** What stands between the markers, or undefined when they are missing. */
export function readPart(text: string): string | undefined {
  const part = findPart(text);
  return part && text.slice(part.from, part.to);
}

/**
 * The first end marker and the begin marker closest before it. A begin that lost its end is passed over, so that what
 * people wrote behind it is not taken for ours.
 */
function findPart(text: string): Part | undefined {
  let from: number | undefined;
  for (const { index, 0: line } of text.matchAll(
    /^[ \t]*<!-- pawl:(?:begin|end) -->[ \t]*\r?(?:\n|(?![^]))/gm,
  )) {
    if (line.includes(begin)) from = index + line.length;
    else if (from !== undefined) return { from, to: index };
  }
  return undefined;
}
