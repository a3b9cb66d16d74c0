import type { DescriptionName } from "./sources.ts";

type Schema = { properties?: Record<string, unknown>; required?: string[] };
type Parameter = { name: string; in: string; schema: object };
type Operation = { parameters?: Parameter[]; responses: Record<string, object> };
type Definition = { paths: Record<string, Record<string, Operation>> };

/** What a description that is older than its API does not know yet, or does not say where it should. */
export const amendments: Record<DescriptionName, (definition: Definition) => void> = {
  digitalocean() {},
  github() {},
  hetzner(definition) {
    for (const path of Object.values(definition.paths)) {
      // Hetzner explains paging and errors once, above all operations.
      path["get"]?.parameters?.push(number("page"), number("per_page"));
      for (const { responses } of Object.values(path)) responses["default"] = errorAnswer;
    }
    for (const { properties = {}, required = [] } of schemas(definition)) {
      // July 2026: a server has a location and no data centre any more.
      if ("private_net" in properties && "datacenter" in properties) {
        properties["location"] = place;
        required.splice(required.indexOf("datacenter"), 1, "location");
      }
      // This list has pages as the others do.
      if ("server_types" in properties) properties["meta"] ??= { type: "object" };
      // September 2025 and April 2026: what a kind of server has in which place.
      if ("cores" in properties && "architecture" in properties) properties["locations"] = placesOfType;
    }
  },
};

function number(name: string): Parameter {
  return { name, in: "query", schema: { type: "integer", minimum: 1, maximum: 50 } };
}

const errorAnswer = {
  content: {
    "application/json": {
      schema: {
        type: "object",
        properties: {
          error: {
            type: "object",
            properties: {
              code: { type: "string" },
              message: { type: "string" },
              details: { type: "object" },
            },
            required: ["code", "message"],
          },
        },
        required: ["error"],
      },
    },
  },
};
const text = { type: "string" };
const place = {
  type: "object",
  properties: { id: { type: "integer" }, name: text },
  required: ["id", "name"],
};
const placesOfType = {
  type: "array",
  items: {
    type: "object",
    properties: {
      id: { type: "integer" },
      name: text,
      available: { type: "boolean" },
      recommended: { type: "boolean" },
      deprecation: { type: "object", nullable: true },
    },
    required: ["id", "name", "available", "recommended", "deprecation"],
  },
};

function* schemas(value: unknown): Generator<Schema> {
  if (typeof value !== "object" || value === null) return;
  if ("properties" in value) yield value as Schema;
  for (const below of Object.values(value)) yield* schemas(below);
}
