import { Request, requestKeys, requestLines, type RequestKey } from "../core/request.ts";
import type { Fields, Value } from "./front-matter.ts";
import { didYouMean } from "./nearest.ts";
import { machineKeys, oneLine } from "./queue-header.ts";

/** A request as it stands in front matter. */
export function requestFields(request: Request): Record<string, unknown> {
  return Object.fromEntries(
    requestLines(request).map(([key, text]) => [key, key === "attempts" ? Number(text) : text]),
  );
}

/** What somebody asks for in front matter or header lines; the first thing wrong with it is the problem. */
export function readRequest(fields: Fields): { request: Request } | { problem: string } {
  const asked: Record<string, string> = {};
  for (const [key, value] of fields) {
    if (machineKeys.some((own) => own === key))
      return { problem: `${key}: only Pawl itself writes this key` };
    if (!isRequestKey(key))
      return { problem: `unknown key ${oneLine(key, 40)}${didYouMean(key, requestKeys)}` };
    const text = textOf(value);
    if (text === undefined) return { problem: `${key}: must be a text, a number or a list of them` };
    if (text !== "") asked[key] = text;
  }
  const read = Request.safeParse(asked);
  if (read.success) return { request: read.data };
  const issue = read.error.issues[0];
  const key = String(issue?.path[0] ?? "");
  return {
    problem: `${key}: ${issue?.message ?? "not valid"}, not ${JSON.stringify(oneLine(asked[key] ?? "", 60))}`,
  };
}

/** As much of a request as this version understands. */
export function readKnownRequest(fields: Fields): Request {
  let request: Request = {};
  for (const key of requestKeys) {
    const value = fields.get(key);
    const read = value === undefined ? undefined : readRequest(new Map([[key, value]]));
    if (read && "request" in read) request = { ...request, ...read.request };
  }
  return request;
}

function isRequestKey(key: string): key is RequestKey {
  return requestKeys.some((known) => known === key);
}

/** Undefined for what is no text, number or flat list. */
function textOf(value: Value): string | undefined {
  if (value === null) return "";
  if (!Array.isArray(value)) return value instanceof Map ? undefined : String(value).trim();
  const parts = value.map((part) => (Array.isArray(part) ? undefined : textOf(part)));
  return parts.includes(undefined) ? undefined : parts.join(", ");
}
