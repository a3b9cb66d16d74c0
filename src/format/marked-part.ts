const begin = "<!-- pawl:begin -->";
const end = "<!-- pawl:end -->";

/** Replaces what stands between the two markers; the rest of the file is a person's. Markers that are missing are added at the end. */
export function replaceMarkedPart(existing: string, part: string): string {
  const from = existing.indexOf(begin);
  const to = existing.indexOf(end, from);
  const marked = `${begin}\n${part.trimEnd()}\n${end}`;
  if (from >= 0 && to >= 0) return existing.slice(0, from) + marked + existing.slice(to + end.length);
  const gap = existing === "" || existing.endsWith("\n\n") ? "" : existing.endsWith("\n") ? "\n" : "\n\n";
  return `${existing}${gap}${marked}\n`;
}

/** What stands between the markers; undefined without them. */
export function markedPart(text: string): string | undefined {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  return from < 0 || to < 0 ? undefined : text.slice(from + begin.length, to).trim();
}
