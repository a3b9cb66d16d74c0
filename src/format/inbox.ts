import { parseDocument, type Document } from "yaml";

import { Request, requestKeys } from "../core/request.ts";
import { didYouMean } from "./nearest.ts";
import { headerLine, isMisspelt, oneLine } from "./queue-header.ts";
import { firstWords } from "./queue.ts";

const biggest = 256_000;

export type InboxTask = { title: string; request: Request; prompt: string };

/** INBOX/ may hold a README for people; everything else that is Markdown is a task. */
export function isInboxFile(name: string): boolean {
  return name.endsWith(".md") && name.toLowerCase() !== "readme.md" && !name.startsWith(".");
}

/**
 * A task from a file that a person or another agent dropped. What it asks for may stand in YAML front matter, or as
 * `- key: value` lines under a first heading; without either the whole text is the prompt.
 */
export function readInboxFile(name: string, file: string): InboxTask | { problem: string } {
  if (file.length > biggest)
    return { problem: `it is longer than ${biggest} characters; put the material elsewhere` };
  const text = file.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const front = /^---\n([\s\S]*?)^---[ \t]*(?:\n|$)/m.exec(text);
  const asked = front?.index === 0 ? frontMatter(front[1] ?? "") : { values: {}, title: undefined };
  if ("problem" in asked) return asked;
  const body = front?.index === 0 ? text.slice(front[0].length) : text;
  const { heading, header, prompt } = takeHeading(body);
  if ("problem" in header) return header;

  const values = { ...asked.values, ...header.values };
  const request = Request.safeParse(values);
  if (!request.success) {
    const issue = request.error.issues[0];
    const key = String(issue?.path[0] ?? "");
    return { problem: `${key}: ${issue?.message ?? "not valid"}, not ${JSON.stringify(values[key] ?? "")}` };
  }
  const words = prompt.trim() || heading || asked.title || "";
  if (words === "") return { problem: "it is empty" };
  return {
    title: oneLine(asked.title ?? heading ?? firstWords(words), 120) || name.replace(/\.md$/, ""),
    request: request.data,
    prompt: words,
  };
}

type Asked = { values: Record<string, string>; title?: string | undefined };

function frontMatter(yaml: string): Asked | { problem: string } {
  const document: Document = parseDocument(yaml, { schema: "core" });
  const error = document.errors[0];
  if (error) return { problem: `its front matter is no YAML: ${oneLine(error.message, 120)}` };
  const values = (document.toJS() ?? {}) as unknown;
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    return { problem: "its front matter must be lines such as `priority: high`" };
  }
  const asked: Asked = { values: {} };
  for (const [key, value] of Object.entries(values)) {
    if (key === "title") asked.title = String(value);
    else if (requestKeys.some((known) => known === key)) {
      asked.values[key] = Array.isArray(value) ? value.join(", ") : String(value);
    } else return { problem: `unknown key ${oneLine(key, 40)}${didYouMean(key, [...requestKeys, "title"])}` };
  }
  return asked;
}

/** A first heading is the title; `- key: value` lines right under it are the request. */
function takeHeading(body: string): {
  heading: string | undefined;
  header: Asked | { problem: string };
  prompt: string;
} {
  const lines = body.replace(/^\n+/, "").split("\n");
  const heading = /^#{1,6} +(.+)$/.exec(lines[0] ?? "")?.[1]?.trim();
  if (heading === undefined) return { heading, header: { values: {} }, prompt: body };
  let at = 1;
  while (at < lines.length && lines[at]?.trim() === "") at++;
  const values: Record<string, string> = {};
  for (; at < lines.length; at++) {
    const read = headerLine(lines[at] ?? "");
    if (!read) break;
    const known = requestKeys.some((key) => key === read.key);
    if (!known && isMisspelt(read.key)) {
      const problem = `unknown key ${read.key}${didYouMean(read.key, requestKeys)}`;
      return { heading, header: { problem }, prompt: "" };
    }
    if (!known) break;
    values[read.key] = read.value;
  }
  return { heading, header: { values }, prompt: lines.slice(at).join("\n").trim() };
}
