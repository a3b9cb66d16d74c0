import { isIPv4, isIPv6 } from "node:net";

import { OpenAPIBackend } from "openapi-backend";

import { amendments } from "./amendments.ts";
import { vendored } from "./descriptions.ts";
import type { DescriptionName } from "./sources.ts";
import { unknownFields } from "./unknown-fields.ts";

export type Asked = {
  /** As in the description: `GET /v2/droplets/{droplet_id}`. */
  operation: string;
  /** The values of the path's parameters. */
  path: Record<string, string>;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string>;
  // oxlint-disable-next-line typescript/no-explicit-any -- the description has checked it before a fake sees it
  body: any;
};

/** An answer without a body is one of nothing, as 204. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/** What a fake does for each operation of a description, `GET /v2/droplets` for one. */
export type Operations = Record<string, (asked: Asked) => Answer | Promise<Answer>>;

export type Incoming = { method: string; url: string; headers: Record<string, string>; body: string };

/** An API of which both sides are held to the provider's own description. */
export type OpenApiMock = {
  /** What was asked for; nothing where the description knows no such operation, which is a complaint as well. */
  read(incoming: Incoming): Asked | undefined;
  /** Has the fake do it. */
  carryOut(asked: Asked): Promise<Answer>;
  /** What either side did that the description does not allow. */
  complaints: string[];
};

/** Checks what a validator that knows no formats would let pass. */
const formats = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  uri: (text: string) => URL.canParse(text),
  email: /^\S+@\S+$/,
  ipv4: (text: string) => isIPv4(text),
  ipv6: (text: string) => isIPv6(text),
};

/** Checks are compiled when they are first needed, which takes longest of all: once in a process. */
const backends = new Map<DescriptionName, Promise<OpenAPIBackend>>();

function backendFor(name: DescriptionName): Promise<OpenAPIBackend> {
  const known = backends.get(name) ?? makeBackend(name);
  backends.set(name, known);
  return known;
}

function makeBackend(name: DescriptionName): Promise<OpenAPIBackend> {
  const definition = JSON.parse(vendored(name));
  amendments[name](definition);
  for (const [path, methods] of Object.entries<Record<string, { operationId?: string }>>(definition.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (method !== "parameters") operation.operationId = `${method.toUpperCase()} ${path}`;
    }
  }
  return new OpenAPIBackend({
    definition,
    apiRoot: new URL(definition.servers[0].url).pathname,
    quick: true,
    coerceTypes: true,
    // Patterns in descriptions are written for engines that forgive a needless backslash.
    ajvOpts: { strict: false, logger: false, allErrors: true, unicodeRegExp: false, formats },
  }).init();
}

export async function openApiMock(name: DescriptionName, operations: Operations): Promise<OpenApiMock> {
  const api = await backendFor(name);
  const complaints: string[] = [];

  for (const operation of Object.keys(operations)) {
    if (!api.getOperation(operation)) throw new Error(`the description of ${name} has no ${operation}`);
  }

  function complain(who: "client" | "fake", operation: string, what: string): void {
    complaints.push(`${who}: ${operation}: ${what}`);
  }

  function read(incoming: Incoming): Asked | undefined {
    const { method, headers } = incoming;
    const { pathname, searchParams } = new URL(incoming.url, "http://fake");
    const operation = api.matchOperation({ method, path: pathname, headers });
    if (!operation?.operationId || !(operation.operationId in operations)) {
      complain("client", `${method} ${pathname}`, "there is no such operation");
      return undefined;
    }
    const { operationId } = operation;
    const body = incoming.body === "" ? undefined : parse(incoming.body);
    const request = { method, path: pathname, headers, query: Object.fromEntries(searchParams), body };
    for (const { instancePath, message } of api.validateRequest(request, operation).errors ?? []) {
      complain("client", operationId, `${instancePath} ${message}`);
    }
    const schema = (operation.requestBody as Content | undefined)?.content?.["application/json"]?.schema;
    for (const field of unknownFields(body, schema)) complain("client", operationId, `unknown ${field}`);
    const path = api.router.parseRequest(request, operation).params as Record<string, string>;
    return { operation: operationId, path, query: searchParams, headers, body };
  }

  async function carryOut(asked: Asked): Promise<Answer> {
    const { operation } = asked;
    const answer = await operations[operation]!(asked);
    const responses = api.getOperation(operation)?.responses as Record<string, Content> | undefined;
    const described = responses?.[answer.status] ?? responses?.["default"];
    if (!described) complain("fake", operation, `answers ${answer.status}, which is not described`);
    for (const error of api.validateResponse(answer.body ?? null, operation, answer.status).errors ?? []) {
      complain("fake", operation, `${answer.status} ${error.instancePath} ${error.message}`);
    }
    for (const field of unknownFields(answer.body, described?.content?.["application/json"]?.schema)) {
      complain("fake", operation, `${answer.status} unknown ${field}`);
    }
    return answer;
  }

  return { read, carryOut, complaints };
}

type Content = { content?: Record<string, { schema?: object }> };

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
