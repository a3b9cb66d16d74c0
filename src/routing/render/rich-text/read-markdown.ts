import MarkdownIt, { type Token } from "markdown-it";

import { clean } from "./clean.ts";
import { cellText, closing } from "./flat-text.ts";
import type { RichText } from "./rich-text.ts";
import { RichWriter } from "./rich-writer.ts";
import { columns, stacked } from "./table-text.ts";

/** Of a longer text only the beginning is read. */
const longestRead = 200_000;

const deepest = 40;
const deepestIndent = 12;

const markdown = new MarkdownIt("default", { html: false, linkify: false, maxNesting: deepest });

/**
 * Markdown of a stranger as text and marks. Nothing in it is loaded or pressed, and a link is followed by its address.
 * Takes time in proportion to the text, whatever it is, and never throws.
 */
export function readMarkdown(text: string): RichText {
  const given = clean(text.slice(0, longestRead));
  const tokens = markdown.parse(given, {});
  const writer = new RichWriter(2 * longestRead);
  // What nests deeper would be left out, so such a text is shown as it was written.
  if (tokens.some(({ level, nesting }) => nesting === 1 && level >= deepest - 1)) writeLines(given, writer);
  else writeBlocks(tokens, writer);
  return writer.finish();
}

/** Text that is no Markdown: a title, a line of ours with something of a stranger in it. */
export function readPlain(text: string): RichText {
  const writer = new RichWriter(longestRead);
  writeLines(clean(text), writer);
  return writer.finish();
}

function writeLines(text: string, writer: RichWriter): void {
  let gap: 1 | 2 = 1;
  for (const line of text.split("\n")) {
    if (line.trim() === "") {
      gap = 2;
      continue;
    }
    writer.breakLine(gap);
    writer.text(line);
    gap = 1;
  }
}

type List = { indent: string; next: number | undefined; lead: string };

function writeBlocks(tokens: readonly Token[], writer: RichWriter): void {
  const lists: List[] = [];
  for (let at = 0; at < tokens.length && !writer.isFull; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.type === "table_open") {
      const end = closing(tokens, at, "table_close");
      writeTable(tokens.slice(at, end), writer);
      at = end;
    } else writeBlock(token, writer, lists);
  }
}

function writeBlock(token: Token, writer: RichWriter, lists: List[]): void {
  switch (token.type) {
    case "inline":
      return writeInline(token.children ?? [], writer);
    case "heading_open":
      writer.breakLine(2);
      return writer.open(
        lists.length > 0 ? { kind: "bold" } : { kind: "heading", level: Number(token.tag.slice(1)) },
      );
    case "heading_close":
      writer.close();
      return writer.breakLine();
    case "paragraph_close":
      return writer.breakLine(token.hidden ? 1 : 2);
    case "blockquote_open":
      writer.breakLine(2);
      return writer.open({ kind: "quote" });
    case "blockquote_close":
      writer.close();
      return writer.breakLine(2);
    case "bullet_list_open":
    case "ordered_list_open":
      writer.breakLine();
      lists.push(listOf(token, writer));
      return;
    case "list_item_open":
      return beginItem(writer, lists.at(-1));
    case "list_item_close":
      return writer.breakLine();
    case "bullet_list_close":
    case "ordered_list_close":
      return endList(writer, lists);
    case "fence":
    case "code_block":
      return writePre(token, writer);
    case "hr":
      writer.breakLine(2);
      writer.text("———");
      return writer.breakLine(2);
    default:
  }
}

function listOf(token: Token, writer: RichWriter): List {
  const start = token.type === "ordered_list_open" ? Number(token.attrGet("start") ?? 1) : undefined;
  return { indent: "", next: start, lead: writer.lead };
}

function beginItem(writer: RichWriter, list: List | undefined): void {
  if (!list) return;
  const sign = list.next === undefined ? "• " : `${list.next++}. `;
  const indent = (blank(list.lead) + blank(sign)).slice(0, deepestIndent);
  writer.indent(indent, list.lead + sign);
  list.lead = blank(list.lead);
}

function endList(writer: RichWriter, lists: List[]): void {
  const ended = lists.pop();
  writer.indent(ended === undefined ? "" : blank(ended.lead));
  writer.breakLine(lists.length > 0 ? 1 : 2);
}

function blank(lead: string): string {
  return " ".repeat(Math.min(lead.length, deepestIndent));
}

function writePre({ content, info }: Token, writer: RichWriter): void {
  const text = content.trimEnd();
  if (text === "") return;
  writer.breakLine(2);
  writer.pre(text, /^[\w+#.-]{1,20}(?=\s|$)/.exec(info)?.[0]);
  writer.breakLine(2);
}

function writeTable(tokens: readonly Token[], writer: RichWriter): void {
  const rows: string[][] = [];
  let units = 0;
  for (const { type, children } of tokens) {
    if (type === "tr_open") rows.push([]);
    if (type !== "inline" || units > longestRead) continue;
    const cell = cellText(children ?? []);
    units += cell.length;
    rows.at(-1)?.push(cell);
  }
  const [head = [], ...told] = rows.filter((row, n) => n === 0 || row.some((cell) => cell !== ""));
  if ([...head, ...told.flat()].every((cell) => cell === "")) return;
  writer.breakLine(2);
  const straight = columns(head, told);
  if (straight === undefined) writeLines(stacked(head, told), writer);
  else writer.pre(straight, undefined);
  writer.breakLine(2);
}

function writeInline(tokens: readonly Token[], writer: RichWriter): void {
  const links: { label: string; href: string }[] = [];
  for (const [at, token] of tokens.entries()) {
    if (writer.isFull) return;
    switch (token.type) {
      case "link_open": {
        const href = String(token.attrGet("href") ?? "");
        links.push({ href, label: token.info === "auto" ? href : labelOf(tokens, at) });
        break;
      }
      case "link_close": {
        const link = links.pop();
        if (link) writeAddress(link, writer);
        break;
      }
      case "text":
        if (!saysItsAddress(links.at(-1))) writer.text(token.content);
        break;
      case "code_inline":
        if (!saysItsAddress(links.at(-1))) writer.code(token.content);
        break;
      case "image":
        writer.text(`[image: ${cellText(token.children ?? [])}] `);
        writer.address(String(token.attrGet("src") ?? ""));
        break;
      case "softbreak":
      case "hardbreak":
        writer.breakLine();
        break;
      case "strong_open":
        writer.open({ kind: "bold" });
        break;
      case "em_open":
        writer.open({ kind: "italic" });
        break;
      case "s_open":
        writer.open({ kind: "strikethrough" });
        break;
      case "strong_close":
      case "em_close":
      case "s_close":
        writer.close();
        break;
      default:
    }
  }
}

function labelOf(tokens: readonly Token[], at: number): string {
  return cellText(tokens.slice(at + 1, closing(tokens, at, "link_close")));
}

/** A link whose words are its address is that alone; one without words too. */
function saysItsAddress(link: { label: string; href: string } | undefined): boolean {
  return link !== undefined && (link.label === link.href || link.label.trim() === "");
}

function writeAddress(link: { label: string; href: string }, writer: RichWriter): void {
  if (saysItsAddress(link)) return writer.address(link.href);
  writer.text(" (");
  writer.address(link.href);
  writer.text(")");
}
