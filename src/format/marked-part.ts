const begin = "<!-- pawl:begin -->";
const end = "<!-- pawl:end -->";

/**
 * The text with `part` between the two marker lines; whatever stands outside is a person's and stays byte for byte.
 * Without a pair of markers, one is appended.
 *
 * @param part lines, none of which is a marker
 */
export function replaceMarkedPart(existing: string, part: string): string {
  const eol = existing.includes("\r\n") ? "\r\n" : "\n";
  const own = `${part.trimEnd()}\n`.replaceAll("\n", eol);
  const place = findPart(existing);
  if (place) return existing.slice(0, place.from) + own + existing.slice(place.to);
  const gap = /^$|\n\r?\n$/.test(existing.slice(-3)) ? "" : existing.endsWith("\n") ? eol : eol + eol;
  return `${existing}${gap}${begin}${eol}${own}${end}${eol}`;
}

/** The text without the markers and what stands between them, and without the empty line that set them off. */
export function removeMarkedPart(existing: string): string {
  const place = findPart(existing);
  if (!place) return existing;
  const from = existing.lastIndexOf(begin, place.from);
  const before = existing.slice(0, existing.lastIndexOf("\n", from) + 1);
  const rest = existing.slice(place.to);
  const lineFeed = rest.indexOf("\n");
  const after = lineFeed < 0 ? "" : rest.slice(lineFeed + 1);
  return (after === "" ? before.replace(/(\n)\r?\n$/, "$1") : before) + after;
}

/** What stands between the markers; undefined without them. */
export function markedPart(text: string): string | undefined {
  const place = findPart(text);
  return place && text.slice(place.from, place.to);
}

/**
 * The first end marker and the begin marker closest before it. A begin that lost its end is passed over, so that what
 * people wrote behind it is not taken for ours.
 */
function findPart(text: string): { from: number; to: number } | undefined {
  let from: number | undefined;
  for (let at = 0; at < text.length;) {
    const lineFeed = text.indexOf("\n", at);
    const next = lineFeed < 0 ? text.length : lineFeed + 1;
    const line = text.slice(at, Math.min(next, at + 80)).trim();
    if (line === begin) from = next;
    else if (line === end && from !== undefined) return { from, to: at };
    at = next;
  }
  return undefined;
}
