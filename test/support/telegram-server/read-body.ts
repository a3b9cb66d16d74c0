import { once } from "node:events";
import type { IncomingMessage } from "node:http";

import type { Payload } from "./payload.ts";

export type Body = { payload: Payload; files: Map<string, { name: string; text: string }> };

/** A call as grammY sends it: JSON, or a form with JSON in its fields where a file comes along. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(request, "end");
  const bytes = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/"))
    return { payload: bytes.length > 0 ? (JSON.parse(bytes.toString()) as Payload) : {}, files: new Map() };
  // eslint-disable-next-line typescript/no-deprecated -- deprecated for servers that strangers can reach
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
  const fields: Record<string, unknown> = {};
  const files: Body["files"] = new Map();
  for (const [name, value] of form) {
    if (typeof value === "string") fields[name] = fieldValue(name, value);
    else files.set(name, { name: value.name, text: await value.text() });
  }
  return { payload: fields as Payload, files };
}

const texts = ["text", "caption", "chat_id", "document"];

/** In a form numbers, booleans and objects stand as JSON, and texts as they are. */
function fieldValue(name: string, value: string): unknown {
  if (texts.includes(name)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
