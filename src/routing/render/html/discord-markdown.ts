import { escapeHtml, linkAround } from "./escape-html.ts";

/** As much of Discord's Markdown as we write, read the way Discord does. */
export function discordMarkdown(markdown: string): string {
  const blocks: string[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const quoted = lines[at]?.startsWith("> ") === true;
    const line = unquoted(lines[at] ?? "", quoted);
    const end = line.startsWith("```") ? closingFence(lines, at, quoted) : undefined;
    if (end !== undefined) {
      const code = lines.slice(at + 1, end).map((inside) => unquoted(inside, quoted));
      blocks.push(inQuote(`<pre>${escapeHtml(code.join("\n"))}</pre>`, quoted));
      at = end;
      continue;
    }
    const heading = /^#{1,3} (.*)$/.exec(line)?.[1];
    const small = /^-# (.*)$/.exec(line)?.[1];
    const html =
      heading !== undefined
        ? `<h3>${discordLine(heading)}</h3>`
        : small !== undefined
          ? `<small>${discordLine(small)}</small><br>`
          : `${discordLine(line)}<br>`;
    blocks.push(inQuote(html, quoted));
  }
  return blocks.join("").replaceAll('</div><div class="dc-quote">', "");
}

const token = /\\([^A-Za-z0-9\s])|(`+)([\s\S]*?[^`])\2(?!`)|<(https?:\/\/[^\s<>]+)>|(\*\*|\*|~~)/g;
const tags: Record<string, string> = { "**": "b", "*": "i", "~~": "s" };

/** Styles, code, addresses and escapes; a sign without a partner stays a sign. */
export function discordLine(line: string): string {
  const tokens = new RegExp(token);
  const open: string[] = [];
  let html = "";
  let at = 0;
  for (let found = tokens.exec(line); found; found = tokens.exec(line)) {
    const { 1: escaped, 3: code, 4: url, 5: sign, index } = found;
    html += escapeHtml(line.slice(at, index));
    if (escaped !== undefined) html += escapeHtml(escaped);
    else if (code !== undefined) html += `<code>${escapeHtml(code.replace(/^ (.*) $/, "$1"))}</code>`;
    else if (url !== undefined) html += linkAround(escapeHtml(url), url);
    else if (sign !== undefined) {
      // Of three stars that end two styles, the first one ends the inner one.
      const read = sign === "**" && open.at(-1) === "*" && open.includes("**") ? "*" : sign;
      tokens.lastIndex = index + read.length;
      html += toggled(read, open, line.includes(read, tokens.lastIndex));
    }
    at = tokens.lastIndex;
  }
  const closed = open.toReversed().map((sign) => `</${tags[sign]}>`);
  return html + escapeHtml(line.slice(at)) + closed.join("");
}

function toggled(sign: string, open: string[], hasPartner: boolean): string {
  const tag = tags[sign] ?? "";
  if (open.at(-1) === sign) {
    open.pop();
    return `</${tag}>`;
  }
  if (open.includes(sign) || !hasPartner) return escapeHtml(sign);
  open.push(sign);
  return `<${tag}>`;
}

function closingFence(lines: readonly string[], from: number, quoted: boolean): number | undefined {
  for (let at = from + 1; at < lines.length; at++) {
    if (unquoted(lines[at] ?? "", quoted).startsWith("```")) return at;
  }
  return undefined;
}

function unquoted(line: string, quoted: boolean): string {
  return quoted ? line.replace(/^> ?/, "") : line;
}

function inQuote(html: string, quoted: boolean): string {
  return quoted ? `<div class="dc-quote">${html}</div>` : html;
}
