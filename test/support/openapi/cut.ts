/** A JSON value out of an OpenAPI description. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Description = { [key: string]: Json };

/** Keys that explain and do not describe. */
const prose = [
  "description",
  "summary",
  "title",
  "example",
  "examples",
  "externalDocs",
  "tags",
  "deprecated",
];
/** Keys below which every key is somebody's name, and none is a keyword. */
const names = ["properties", "patternProperties", "headers", "responses", "content"];
/** Keys below which there are plain values. */
const plain = ["default", "enum", "required"];

/**
 * A description of nothing but these operations (`GET /v2/droplets`), with all that they refer to and without prose.
 * What is referred to by its place in another operation moves to `x-shared`, under the name of that place.
 */
export function cut(whole: Description, operations: readonly string[]): Description {
  const shared: Description = {};
  const places = new Map<string, string>();
  const components: Record<string, Description> = {};

  function refer(pointer: string): string {
    const [first, kind, name, ...rest] = pointer.slice(2).split("/").map(unescape);
    if (first === "components" && kind !== undefined && name !== undefined && rest.length === 0) {
      const ofKind = (components[kind] ??= {});
      if (!(name in ofKind)) {
        ofKind[name] = null;
        ofKind[name] = copy(at(whole, pointer));
      }
      return pointer;
    }
    const shortName = nameOf(pointer);
    if ((places.get(shortName) ?? pointer) !== pointer)
      throw new Error(`two places have the name ${shortName}`);
    if (!places.has(shortName)) {
      places.set(shortName, pointer);
      shared[shortName] = copy(at(whole, pointer));
    }
    return `#/x-shared/${shortName}`;
  }

  function copy(value: Json, areNames = false): Json {
    if (Array.isArray(value)) return value.map((item) => copy(item));
    if (typeof value !== "object" || value === null) return value;
    if (!areNames && typeof value["$ref"] === "string") return { $ref: refer(value["$ref"]) };
    const kept = Object.entries(value).filter(
      ([key]) => areNames || (!prose.includes(key) && !key.startsWith("x-")),
    );
    return Object.fromEntries(
      kept.map(([key, below]) => [
        key,
        !areNames && plain.includes(key) ? below : copy(below, !areNames && names.includes(key)),
      ]),
    );
  }

  const paths: Record<string, Description> = {};
  for (const operation of operations) {
    const [method, path] = split(operation);
    const ofPath = record(at(whole, `#/paths/${escape(path)}`));
    const cutPath = (paths[path] ??= ofPath["parameters"] ? { parameters: copy(ofPath["parameters"]) } : {});
    cutPath[method] = copy(record(ofPath[method]));
  }
  const { openapi = null, info = null, servers = null } = whole;
  const { title = null, version = null, license = null } = record(info);
  return {
    openapi,
    info: { title, version, ...(license !== null && { license }) },
    servers,
    paths,
    ...(Object.keys(components).length > 0 && { components }),
    ...(Object.keys(shared).length > 0 && { "x-shared": shared }),
  };
}

/** `GET /v2/droplets` -> `get`, `/v2/droplets`. */
function split(operation: string): [method: string, path: string] {
  const [method = "", path = ""] = operation.split(" ");
  return [method.toLowerCase(), path];
}

/** What a pointer points to; references on the way are followed. */
function at(whole: Description, pointer: string): Json {
  let found: Json = whole;
  for (const key of pointer.slice(2).split("/").map(unescape)) {
    while (isReference(found)) found = at(whole, found.$ref);
    const below: Json | undefined = Array.isArray(found) ? found[Number(key)] : record(found)[key];
    if (below === undefined) throw new Error(`the description has no ${pointer}`);
    found = below;
  }
  return found;
}

function isReference(value: Json): value is { $ref: string } {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && typeof value["$ref"] === "string"
  );
}

function record(value: Json | undefined): Description {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not an object");
  return value;
}

/** Of characters that need no escaping in a pointer, of which there are several kinds that libraries disagree about. */
function nameOf(pointer: string): string {
  return unescape(pointer)
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-paths-|-$/g, "");
}

function unescape(part: string): string {
  return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
}

function escape(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}
