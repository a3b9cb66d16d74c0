import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from "ajv";
import { createGenerator, type Schema } from "ts-json-schema-generator";

const types = {
  createMessage: "RESTPostAPIChannelMessageJSONBody",
  editMessage: "RESTPatchAPIChannelMessageJSONBody",
  createThread: "RESTPostAPIChannelMessagesThreadsJSONBody",
  editChannel: "RESTPatchAPIChannelJSONBody",
  createChannel: "RESTPostAPIGuildChannelJSONBody",
  executeWebhook: "RESTPostAPIWebhookWithTokenJSONBody",
  editWebhookMessage: "RESTPatchAPIWebhookWithTokenMessageJSONBody",
  putCommands: "RESTPutAPIApplicationGuildCommandsJSONBody",
  interactionCallback: "RESTPostAPIInteractionCallbackJSONBody",
} as const;
export type BodyKind = keyof typeof types;

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** Complaints about a body that Discord's own types do not allow; names that they do not know are one. */
export type CheckShape = (kind: BodyKind, body: unknown) => string[];

let loaded: CheckShape | undefined;

/** Made from discord-api-types with the TypeScript compiler, which takes seconds, so it is kept for the next time. */
export function loadShapes(): CheckShape {
  return (loaded ??= compiled(loosened(keptSchema())));
}

function compiled(schema: Schema): CheckShape {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(schema as AnySchema, "discord");
  // All of them now: the first request of a kind would otherwise wait for it, longer than a client may.
  const validators = new Map<string, ValidateFunction>(
    Object.entries(types).map(([kind, type]) => [
      kind,
      ajv.compile({ $ref: `discord#/definitions/${type}` }),
    ]),
  );
  return (kind, body) => {
    const validate = validators.get(kind);
    return !validate || validate(body) ? [] : (validate.errors ?? []).map(said);
  };
}

function said({ instancePath, message, params }: ErrorObject): string {
  const unknown: unknown = params["additionalProperty"];
  return `${instancePath || "/"} ${message ?? "is wrong"}${typeof unknown === "string" ? `: ${unknown}` : ""}`;
}

function keptSchema(): Schema {
  const manifest = readFileSync(join(modules, "discord-api-types", "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const path = join(modules, ".cache", "pawl", `discord-${version}-${Object.keys(types).length}.json`);
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Schema;
  } catch {
    const schema = generated();
    mkdirSync(dirname(path), { recursive: true });
    // Several test files may do this at once.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(schema));
    renameSync(draft, path);
    return schema;
  }
}

function generated(): Schema {
  const generator = createGenerator({
    path: join(modules, "discord-api-types", "v10.d.ts"),
    tsconfig: join(modules, "..", "tsconfig.json"),
    skipTypeCheck: true,
    additionalProperties: false,
    expose: "all",
  });
  const definitions = Object.values(types).map((type) => generator.createSchema(type).definitions);
  return { definitions: Object.assign({}, ...definitions) as NonNullable<Schema["definitions"]> };
}

/**
 * Flags are added up, which the types cannot say; an id is more than any string; and of one helper type for properties
 * the generator makes an object without any, where anything has to do.
 */
function loosened({ definitions = {} }: Schema): Schema {
  const mended = Object.entries(definitions).map(([name, definition]) => {
    const isLost =
      name.startsWith("_AddUndefined") && typeof definition === "object" && !definition.properties;
    return [name, isLost ? {} : definition] as const;
  });
  return {
    definitions: {
      ...Object.fromEntries(mended),
      MessageFlags: { type: "integer", minimum: 0 },
      Snowflake: { type: "string", pattern: String.raw`^\d{17,20}$` },
    },
  };
}
