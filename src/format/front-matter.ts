import { isMap, isScalar, isSeq, parseDocument, stringify, type ParsedNode } from "yaml";

/** What front matter may hold. Maps instead of objects, so that no key of a stranger means anything to JavaScript. */
export type Value = string | number | boolean | null | Value[] | Fields;
export type Fields = Map<string, Value>;

export type FrontMatter = {
  yaml: string;
  /** Everything behind the closing line. */
  body: string;
  eol: "\n" | "\r\n";
};

/** Cuts a text that begins with a line `---` at the next such line; undefined when it has no front matter. */
export function splitFrontMatter(text: string): FrontMatter | undefined {
  const [opening, lineBreak] = /^\ufeff?---[ \t]*(\r?\n)/.exec(text) ?? [];
  if (opening === undefined) return undefined;
  for (let at = opening.length - 1; at >= 0; at = text.indexOf("\n", at + 1)) {
    if (!text.startsWith("---", at + 1)) continue;
    const closing = /^---[ \t]*(?:\r?\n|$)/.exec(text.slice(at + 1, at + 100))?.[0];
    if (closing === undefined) continue;
    return {
      yaml: text.slice(opening.length, at + 1),
      body: text.slice(at + 1 + closing.length),
      eol: lineBreak === "\r\n" ? "\r\n" : "\n",
    };
  }
  return undefined;
}

/**
 * Reads the YAML of front matter. With `"text"`, numbers and the like stay as they were written. Never throws.
 *
 * The library's own conversion is avoided: 500 nested complex keys keep it busy for half a minute.
 */
export function readFields(yaml: string, scalars: "typed" | "text"): Fields | { problem: string } {
  const schema = scalars === "typed" ? "core" : "failsafe";
  const document = parseDocument(yaml, { schema, prettyErrors: true, logLevel: "silent" });
  const error = document.errors[0];
  if (error) {
    const line = (error.linePos?.[0].line ?? 0) + 1;
    const what = error.message.replace(/ at line \d+, column \d+:[^]*/, "");
    return { problem: `the front matter cannot be read (line ${line}): ${what}` };
  }
  if (document.contents === null) return new Map();
  if (!isMap(document.contents)) return { problem: "the front matter must consist of lines `key: value`" };
  const fields = valueOf(document.contents, 4);
  return fields instanceof Map ? fields : { problem: "the front matter is more than plain keys and values" };
}

function valueOf(node: ParsedNode | null, depth: number): Value | undefined {
  if (node === null) return null;
  if (isScalar(node)) {
    const { value } = node;
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? value
      : null;
  }
  if (depth === 0) return undefined;
  if (isSeq(node)) {
    const items = node.items.map((item) => valueOf(item, depth - 1));
    return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined);
  }
  if (!isMap(node)) return undefined;
  const fields: Fields = new Map();
  for (const { key, value } of node.items) {
    const read = valueOf(value, depth - 1);
    const name = isScalar(key) ? valueOf(key, 0) : undefined;
    if (name === undefined || typeof name === "object" || read === undefined) return undefined;
    fields.set(String(name), read);
  }
  return fields;
}

/** YAML that puts each scalar on one line, whatever it holds; keys that are undefined are left out. */
export function writeFields(fields: Record<string, unknown>): string {
  return stringify(fields, { schema: "core", lineWidth: 0, blockQuote: false, aliasDuplicateObjects: false });
}
