import type { Token } from "markdown-it";

/** Enough for the cell of a table. */
const longest = 2000;

/** Inline Markdown as words alone, with the addresses of its links and images. */
export function cellText(tokens: readonly Token[]): string {
  let text = "";
  const links: string[] = [];
  for (const token of tokens) {
    if (text.length > longest) return `${text.slice(0, longest).toWellFormed()}…`;
    text += wordsOf(token, links);
  }
  return text.replace(/\s+/g, " ").trim();
}

function wordsOf(token: Token, links: string[]): string {
  switch (token.type) {
    case "text":
    case "code_inline":
      return token.content;
    case "image":
      return `[image: ${cellText(token.children ?? [])}] ${String(token.attrGet("src") ?? "")}`;
    case "softbreak":
    case "hardbreak":
      return " ";
    case "link_open":
      links.push(token.info === "auto" ? "" : ` (${String(token.attrGet("href") ?? "")})`);
      return "";
    case "link_close":
      return links.pop() ?? "";
    default:
      return "";
  }
}

/** Where what opens at `at` is closed; neither tables nor links stand in their own kind. */
export function closing(tokens: readonly Token[], at: number, type: string): number {
  let end = at + 1;
  while (end < tokens.length && tokens[end]?.type !== type) end++;
  return end;
}
