type Schema = {
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
};

/**
 * Fields of a value that its schema does not name. JSON Schema lets them pass, so that a misspelt field of ours would
 * be ignored without a word; a schema that says nothing about its fields allows any.
 */
export function unknownFields(value: unknown, schema: Schema | undefined, place = ""): string[] {
  if (schema === undefined || typeof value !== "object" || value === null) return [];
  const alternatives = flatten(schema);
  if (Array.isArray(value)) {
    const items = merge(alternatives.flatMap(({ items }) => items ?? []));
    return value.flatMap((item, index) => unknownFields(item, items, `${place}/${index}`));
  }
  const isFree = alternatives.some(({ additionalProperties: more }) => more !== undefined && more !== false);
  const named = alternatives.filter(({ properties }) => properties !== undefined);
  if (isFree || named.length === 0) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const schemas = named.flatMap(({ properties = {} }) =>
      Object.hasOwn(properties, key) ? [properties[key]!] : [],
    );
    if (schemas.length === 0) return [`${place}/${key}`];
    return unknownFields(below, merge(schemas), `${place}/${key}`);
  });
}

/** A schema and all that it is put together from. */
function flatten(schema: Schema, seen = new Set<Schema>()): Schema[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { allOf = [], anyOf = [], oneOf = [] } = schema;
  return [schema, ...[...allOf, ...anyOf, ...oneOf].flatMap((part) => flatten(part, seen))];
}

function merge(schemas: Schema[]): Schema | undefined {
  return schemas.length > 1 ? { anyOf: schemas } : schemas[0];
}
