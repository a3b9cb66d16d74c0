import { createProgram, DEFAULT_CONFIG } from "ts-json-schema-generator";

type Checker = ReturnType<ReturnType<typeof createProgram>["getTypeChecker"]>;
type Type = ReturnType<Checker["getDeclaredTypeOfSymbol"]>;
type Field = ReturnType<Type["getProperties"]>[number];

export type Schema = { [key: string]: unknown };

const optional = 1 << 24;

export const schemaFile = new URL("../../fixtures/telegram/bot-api.json", import.meta.url);

export function schemaText(): string {
  return `${JSON.stringify(makeSchemas(), undefined, 1)}\n`;
}

/**
 * A JSON schema for each call of `BotApiCalls`, read from grammY's types by the TypeScript compiler. Lengths, which
 * types do not have, are read from the comments: "1-4096 characters", "1-64 bytes".
 */
function makeSchemas(): { $defs: Record<string, Schema>; calls: Record<string, Schema> } {
  const path = new URL("bot-api-calls.ts", import.meta.url).pathname;
  const program = createProgram({ ...DEFAULT_CONFIG, path, tsconfig: "tsconfig.json", skipTypeCheck: true });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const calls = checker
    .getExportsOfModule(checker.getSymbolAtLocation(file!)!)
    .find(({ name }) => name === "BotApiCalls")!;
  const reader = new TypeReader(checker);
  const properties = checker.getDeclaredTypeOfSymbol(calls).getProperties();
  const schemas = properties.map((call) => [call.name, reader.objectSchema(checker.getTypeOfSymbol(call))]);
  return { $defs: reader.named, calls: Object.fromEntries(schemas) as Record<string, Schema> };
}

class TypeReader {
  readonly named: Record<string, Schema> = {};
  readonly #names = new Map<Type, string>();
  readonly #checker: Checker;

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  objectSchema(type: Type): Schema {
    const fields = type.getProperties();
    const properties = fields.map((field) => [field.name, this.#fieldSchema(field)]);
    const required = fields.filter(({ flags }) => !(flags & optional)).map(({ name }) => name);
    return {
      type: "object",
      properties: Object.fromEntries(properties) as Schema,
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    };
  }

  #fieldSchema(field: Field): Schema {
    const comment = field
      .getDocumentationComment(this.#checker)
      .map(({ text }) => text)
      .join("");
    const schema = this.#schema(this.#checker.getTypeOfSymbol(field));
    const [, least, most, unit] = /\b(\d+)-(\d+) (characters|bytes)/.exec(comment) ?? [];
    if (schema["type"] !== "string" || unit === undefined) return schema;
    return { ...schema, [unit === "bytes" ? "bytes" : "units"]: [Number(least), Number(most)] };
  }

  #schema(type: Type): Schema {
    if (type.isUnion()) {
      const alias = type.aliasSymbol?.name;
      return alias === undefined
        ? this.#unionSchema(type.types)
        : this.#reference(type, alias, () => this.#unionSchema(type.types));
    }
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    const text = this.#checker.typeToString(type);
    if (text === "true" || text === "false") return { const: text === "true" };
    if (text === "string" || text.startsWith("`")) return { type: "string" };
    if (text === "number" || text === "boolean") return { type: text };
    if (text === "any" || text === "unknown") return {};
    if (this.#checker.isArrayType(type)) {
      const [item] = this.#checker.getTypeArguments(type as Parameters<Checker["getTypeArguments"]>[0]);
      return { type: "array", items: this.#schema(item!) };
    }
    return this.#reference(type, type.symbol?.name ?? "object", () => this.objectSchema(type));
  }

  #unionSchema(types: readonly Type[]): Schema {
    const schemas = types
      .filter((type) => this.#checker.typeToString(type) !== "undefined")
      .map((type) => this.#schema(type));
    const constants = schemas.flatMap((schema) => ("const" in schema ? [schema["const"]] : []));
    if (constants.length === schemas.length) return { enum: constants };
    return schemas.length === 1 ? schemas[0]! : { anyOf: schemas };
  }

  /** By name, since types may hold themselves. */
  #reference(type: Type, base: string, make: () => Schema): Schema {
    const known = this.#names.get(type);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    let name = base.replaceAll(/\W/g, "");
    for (let n = 2; name in this.named; n++) name = `${base.replaceAll(/\W/g, "")}${n}`;
    this.#names.set(type, name);
    this.named[name] = {};
    this.named[name] = make();
    return { $ref: `#/$defs/${name}` };
  }
}
