/** A stretch of text, and the address that it is, if it is one. */
export type Stretch = { text: string; url?: string };

/** Longer addresses are shown as text: who would read where they lead? */
const longestAddress = 500;

const bare = /(?<![\w@])https?:\/\/[^\s<>"'`|\\^{}]+/gi;

/** Finds the web addresses that stand in a text by themselves; networks make links of them whether we like it or not. */
export function* addressesIn(text: string): Generator<Stretch, void> {
  let done = 0;
  for (const { 0: found, index } of text.matchAll(bare)) {
    const url = withoutSentenceEnd(found);
    if (!isWebAddress(url)) continue;
    if (index > done) yield { text: text.slice(done, index) };
    yield { text: url, url };
    done = index + url.length;
  }
  if (done < text.length) yield { text: text.slice(done) };
}

/** How an address is shown: as itself. What is no web address is no link. */
export function shownAddress(href: string): Stretch {
  if (isWebAddress(href)) return { text: href, url: href };
  const text = href.replace(/^mailto:/i, "");
  return { text: text.length > longestAddress ? `${text.slice(0, 200).toWellFormed()}…` : text };
}

function isWebAddress(url: string): boolean {
  return url.length <= longestAddress && /^https?:\/\/[^\s<>"`]+$/i.test(url) && URL.canParse(url);
}

/** A sentence ends behind an address rather than in it. */
function withoutSentenceEnd(found: string): string {
  let end = found.length;
  while (end > 0 && isSentenceEnd(found.charAt(end - 1), found)) end--;
  return found.slice(0, end);
}

function isSentenceEnd(sign: string, found: string): boolean {
  return ".,;:!?*_~]".includes(sign) || (sign === ")" && !found.includes("("));
}
