import { readFileSync } from "node:fs";

import { Ajv, type ValidateFunction } from "ajv";

import type { Method } from "./bot-api-calls.ts";
import type { Payload } from "./payload.ts";

const schemas = JSON.parse(
  readFileSync(new URL("../../fixtures/telegram/bot-api.json", import.meta.url), "utf8"),
) as { $defs: object; calls: Record<Method, object> };

const ajv = new Ajv({ strict: false });
ajv.addKeyword({
  keyword: "units",
  type: "string",
  schemaType: "array",
  validate: ([least, most]: [number, number], text: string) => isWithin(text.length, least, most),
});
ajv.addKeyword({
  keyword: "bytes",
  type: "string",
  schemaType: "array",
  validate: ([least, most]: [number, number], text: string) => isWithin(Buffer.byteLength(text), least, most),
});

const validators = new Map<Method, ValidateFunction>();

export function isServed(method: string): method is Method {
  return Object.hasOwn(schemas.calls, method);
}

/** What about a call is against the documentation of the Bot API: its shape and its lengths, nothing of the chats. */
export function complaintsAbout(method: Method, payload: Payload): string[] {
  const validate = validators.get(method) ?? ajv.compile({ ...schemas.calls[method], $defs: schemas.$defs });
  validators.set(method, validate);
  if (validate(payload)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${method}${instancePath.replaceAll("/", ".")} ${message} ${JSON.stringify(params)}`,
  );
}

function isWithin(length: number, least: number, most: number): boolean {
  return least <= length && length <= most;
}
