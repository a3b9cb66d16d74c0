import type { Request } from "../core/request.ts";
import { readFields, splitFrontMatter, type Fields } from "./front-matter.ts";
import { headerKeys, headerLine, isMisspelt } from "./queue-header.ts";
import { firstWords } from "./queue.ts";
import { readRequest } from "./request-fields.ts";

const sizeLimit = 256 * 1024;

/** Titles in QUEUE.md are cut behind this many characters. */
const titleLimit = 120;

export type InboxTask = { title: string; request: Request; prompt: string };

/** Is a file in INBOX/ meant as a task? README.md, hidden files and what is no Markdown are not. */
export function isInboxFile(name: string): boolean {
  return /^[^.].*\.md$/is.test(name) && name.toLowerCase() !== "readme.md";
}

/**
 * Makes a task of a file that somebody dropped into INBOX/: front matter, or `- key: value` lines under a heading, or
 * nothing but text.
 */
export function readInboxFile(name: string, text: string): InboxTask | { problem: string } {
  if (Buffer.byteLength(text) > sizeLimit) return { problem: "it is longer than 256 KB" };
  if (text.includes("\0")) return { problem: "it is not a text file in UTF-8" };
  const plain = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const parts = splitFrontMatter(plain);
  if (!parts) return fromBody(plain, name);
  const fields = readFields(parts.yaml, "text");
  if ("problem" in fields) return /^[A-Za-z-]+ *:/m.test(parts.yaml) ? fields : fromBody(plain, name);
  return fromFrontMatter(lowerCaseKeys(fields), parts.body, name);
}

function fromFrontMatter(fields: Fields, body: string, name: string): InboxTask | { problem: string } {
  const named = fields.get("title");
  fields.delete("title");
  if (typeof named !== "string" || named.trim() === "") return fromBody(body, name, fields);
  const read = readWish(fields);
  if ("problem" in read) return read;
  const title = named.trim().replaceAll("\n", " ");
  return { title, request: read.request, prompt: trimmed(body) || title };
}

/** @param asked what front matter asks for */
function fromBody(body: string, name: string, asked: Fields = new Map()): InboxTask | { problem: string } {
  const text = trimmed(body);
  if (text === "") return { problem: `${name} is empty` };
  const [heading, title] = /^#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*(?:\n|$)/.exec(text) ?? [];
  const header = heading !== undefined && title ? takeHeader(text.slice(heading.length)) : undefined;
  if (header && "problem" in header) return header;

  const doubled = Array.from(header?.fields.keys() ?? []).find((key) => asked.has(key));
  if (doubled !== undefined) return { problem: `the key ${doubled} stands here twice` };
  const read = readWish(new Map([...asked, ...(header?.fields ?? [])]));
  if ("problem" in read) return read;
  if (!header || !title) return { title: firstWords(text), request: read.request, prompt: text };
  const rest = trimmed(header.rest);
  // A heading that will be cut short as a title stays in the prompt in full.
  const prompt = title.length > titleLimit && rest !== "" ? `${title}\n\n${rest}` : rest || title;
  return { title, request: read.request, prompt };
}

/** Whose child a task is follows from who hands it out, and is nobody's to say. */
function readWish(fields: Fields): ReturnType<typeof readRequest> {
  return fields.has("parent") ? { problem: "parent: only Pawl itself writes this key" } : readRequest(fields);
}

/** The first unbroken run of `- key: value` lines with keys we know, or nearly know. */
function takeHeader(text: string): { fields: Map<string, string>; rest: string } | { problem: string } {
  const lines = trimmed(text).split("\n");
  const fields = new Map<string, string>();
  for (const [n, line] of lines.entries()) {
    const read = headerLine(line);
    if (!read || (!headerKeys.includes(read.key) && !isMisspelt(read.key))) {
      return { fields, rest: lines.slice(n).join("\n") };
    }
    if (fields.has(read.key)) return { problem: `the key ${read.key} stands here twice` };
    fields.set(read.key, read.value);
  }
  return { fields, rest: "" };
}

function lowerCaseKeys(fields: Fields): Fields {
  return new Map(Array.from(fields, ([key, value]) => [key.toLowerCase(), value]));
}

function trimmed(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
}
