import type { Request } from "../core/request.ts";
import { readFields, splitFrontMatter, type Fields } from "./front-matter.ts";
import { headerKeys, headerLine, isMisspelt } from "./queue-header.ts";
import { firstWords } from "./queue.ts";
import { readRequest } from "./request-fields.ts";

const sizeLimit = 256 * 1024;

/** Far more than all keys need; each key is compared with all others, so that a hundred times as many take seconds. */
const frontMatterLimit = 4 * 1024;

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
  const fields = readFrontMatter(parts.yaml);
  if ("problem" in fields) return /^[A-Za-z-]+ *:/m.test(parts.yaml) ? fields : fromBody(plain, name);
  return fromFrontMatter(lowerCaseKeys(fields), parts.body, name);
}

function readFrontMatter(yaml: string): Fields | { problem: string } {
  if (yaml.length <= frontMatterLimit) return readFields(yaml, "text");
  return { problem: `the front matter is longer than ${frontMatterLimit / 1024} KB` };
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
  const [line] = text.split("\n", 1);
  const title = headingOf(line ?? "");
  const header = title ? takeHeader(text.slice((line ?? "").length)) : undefined;
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

/** Without one expression for all of it: one that is tried at each of a line's spaces takes minutes for 64 KB of them. */
function headingOf(line: string): string | undefined {
  const [marks] = /^#{1,6}[ \t]/.exec(line) ?? [];
  if (marks === undefined) return undefined;
  const title = line.slice(marks.length).trim();
  let end = title.length;
  while (title[end - 1] === "#") end--;
  const isClosed = end < title.length && /^[ \t]$/.test(title[end - 1] ?? "");
  return isClosed ? title.slice(0, end).trimEnd() : title;
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
