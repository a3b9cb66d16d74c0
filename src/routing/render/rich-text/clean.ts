/**
 * Text of a stranger without what nobody sees and something may obey: control characters, directions that make text read
 * otherwise than it is written, characters of no width that hide words, tags, halves of surrogate pairs.
 * Line breaks of all kinds become `\n`.
 */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(unseen, "");
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return clean(text).replace(/\s+/g, " ").trim();
}

/** Zero width joiners and marks of direction stay: emoji, Persian and Hebrew are written with them. */
const unseen =
  /[^\P{Cc}\n\t]|[\u00ad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
