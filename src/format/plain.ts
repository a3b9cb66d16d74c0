/**
 * Text of a stranger as a piece of a Markdown line: it cannot draw a link, an image, a tag, a formula or a mention, nor
 * become one where a host makes links of bare addresses. `unplain` gives it back.
 */
export function plain(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|!#&~$]/g, "\\$&")
    .replaceAll("://", ":\\//")
    .replace(/\b(www)\./gi, "$1\\.")
    .replaceAll("@", `@${zeroWidthSpace}`);
}

export function unplain(shown: string): string {
  return shown.replaceAll(`@${zeroWidthSpace}`, "@").replace(/\\(.)/gs, "$1");
}

/** A backslash does not keep a host from seeing a name behind an at sign. */
const zeroWidthSpace = "\u200b";
