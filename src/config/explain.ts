import { didYouMean } from "../format/nearest.ts";
import { looksSecret } from "./inline-secrets.ts";

import * as z from "zod";

type Key = PropertyKey;

/** What is wrong with a file: where, and what was expected instead. `onKey` marks the key, not its value. */
export type Problem = { path: Key[]; onKey: boolean; text: string };

export function explain(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown): Problem[] {
  const path = [...issue.path];
  const name = path.map(String).join(".");
  const value = valueAt(input, path);
  const said = value === undefined ? `${name} is missing` : `${name || "the file"} is ${shown(value)}`;
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path, value);
    return issue.keys.map((key) => {
      const where = name === "" ? "" : ` in ${name}`;
      const meant = didYouMean(key, known);
      const rest = meant || (known.length > 0 ? `; known are ${known.join(", ")}` : "");
      return { path: [...path, key], onKey: true, text: `unknown key "${key}"${where}${rest}` };
    });
  }
  if (issue.code === "invalid_value") {
    const meant = typeof value === "string" ? didYouMean(value, issue.values.map(String)) : "";
    const text = `${said}, not one of ${issue.values.join(", ")}${meant}`;
    return [{ path, onKey: false, text }];
  }
  if (issue.code === "invalid_type") {
    const example = exampleAt(schema, path);
    const such = example === undefined ? "" : `, such as ${JSON.stringify(example)}`;
    return [{ path, onKey: value === undefined, text: `${said}; expected ${a(issue.expected)}${such}` }];
  }
  if (issue.code === "invalid_key") {
    const around = path.slice(0, -1).map(String).join(".");
    const why = issue.issues.map(({ message }) => message).join("; ");
    return [{ path, onKey: true, text: `"${String(path.at(-1))}" in ${around} ${why}` }];
  }
  return [{ path, onKey: false, text: `${said}: ${worded(issue)}` }];
}

function worded(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_big")
    return `at most ${issue.maximum}${issue.origin === "array" ? " entries" : ""}`;
  if (issue.code === "too_small" && issue.origin !== "string" && issue.origin !== "array") {
    return `at least ${issue.minimum}`;
  }
  return issue.message;
}

function a(expected: string): string {
  const words: Record<string, string> = {
    string: "a text",
    int: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "a block of keys",
    record: "a block of keys",
  };
  return words[expected] ?? expected;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  if (looksSecret(text)) return "a secret";
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

function valueAt(input: unknown, path: readonly Key[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

function schemaAt(schema: unknown, path: readonly Key[]): unknown {
  return path.reduce<unknown>((outer, key) => {
    const inner = unwrapped(outer);
    if (inner instanceof z.ZodObject) return inner.shape[String(key)] ?? inner.def.catchall;
    if (inner instanceof z.ZodArray) return inner.element;
    if (inner instanceof z.ZodRecord) return inner.valueType;
    return undefined;
  }, schema);
}

function keysAt(schema: z.ZodType, path: readonly Key[], value: unknown): string[] {
  const inner = chosen(unwrapped(schemaAt(schema, path)), value);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Of blocks that differ by one key, the one that this key chooses. */
function chosen(schema: unknown, value: unknown): unknown {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const { options, discriminator } = schema.def;
  const said = valueAt(value, [discriminator]);
  return options.find(
    (option) => option instanceof z.ZodObject && option.shape[discriminator]?.safeParse(said).success,
  );
}

function exampleAt(schema: z.ZodType, path: readonly Key[]): unknown {
  for (let at: unknown = schemaAt(schema, path); at instanceof z.ZodType; at = peeled(at)) {
    const { examples } = at.meta() ?? {};
    if (Array.isArray(examples)) return examples[0];
  }
  return undefined;
}

function unwrapped(schema: unknown): unknown {
  let at = schema;
  for (let inner = peeled(at); inner !== undefined; inner = peeled(at)) at = inner;
  return at;
}

function peeled(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return schema.unwrap();
  if (schema instanceof z.ZodPipe) return schema.in;
  return undefined;
}
