import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { type Answer, type Asked, type Operations, openApiMock } from "./mock.ts";
import type { DescriptionName } from "./sources.ts";

/** What befalls a request; nothing else of the fake changes. */
export type Trouble =
  /** Not done, answered like this. */
  | { answer: Answer }
  /** Done, but this is what the client gets to see, as from a proxy that lost patience. */
  | { doneButAnswered: Answer }
  /** Not done, and the connection ends. */
  | { cut: "before" }
  /** Done, and the connection ends instead of an answer. */
  | { cut: "after" }
  /** Not done, and never answered. */
  | { silence: true }
  /** Done, but half of the answer is all that ever comes. */
  | { half: true };

export type Meeting = {
  /** `POST /v2/droplets`; any request without it. */
  operation?: string;
  /** How many requests meet it; one without it. */
  times?: number;
};

export type ServedMock = AsyncDisposable & {
  /** Without a slash at its end. */
  url: string;
  /** What either side did that the description does not allow. */
  complaints: readonly string[];
  /** Every request that was read, in order. */
  asked: readonly Asked[];
  meet: (trouble: Trouble, meeting?: Meeting) => void;
};

export type Serving = {
  /** Where it listens; 127.0.0.1 without it. */
  host?: string;
  /** Looks at each request before anything else is done with it, for one that has no right token. */
  refuse?: (asked: Asked) => Answer | undefined;
};

/** Serves an API on loopback, as its description says it should be. */
export async function serveOpenApi(
  name: DescriptionName,
  operations: Operations,
  { host = "127.0.0.1", refuse = () => undefined }: Serving = {},
): Promise<ServedMock> {
  const mock = await openApiMock(name, operations);
  const asked: Asked[] = [];
  const troubles: { trouble: Trouble; operation: string | undefined; times: number }[] = [];

  function nextTrouble(operation: string): Trouble | undefined {
    const met = troubles.find((one) => one.times > 0 && (one.operation ?? operation) === operation);
    if (met) met.times -= 1;
    return met?.trouble;
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "GET", url = "/" } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
    );
    const read = mock.read({ method, url, headers, body: Buffer.concat(chunks).toString("utf8") });
    if (!read) return send(response, { status: 404, body: { message: "Not Found" } });
    asked.push(read);
    const trouble = nextTrouble(read.operation);
    if (trouble === undefined) return send(response, refuse(read) ?? (await mock.carryOut(read)));
    if ("silence" in trouble) return;
    if ("answer" in trouble) return send(response, trouble.answer);
    if (!("cut" in trouble) || trouble.cut === "after") await mock.carryOut(read);
    if ("cut" in trouble) return void response.destroy();
    if ("half" in trouble) return void response.writeHead(200, json).write('{"');
    send(response, trouble.doneButAnswered);
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      mock.complaints.push(`fake: ${request.method} ${request.url}: broke: ${String(error)}`);
      response.destroy();
    });
  });
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://${host}:${port}`,
    complaints: mock.complaints,
    asked,
    meet: (trouble, { operation, times = 1 } = {}) => void troubles.push({ trouble, operation, times }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const json = { "content-type": "application/json" };

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (body === undefined) return void response.writeHead(status, headers).end();
  const isText = typeof body === "string";
  const type = isText ? "text/html" : "application/json";
  response.writeHead(status, { "content-type": type, ...headers }).end(isText ? body : JSON.stringify(body));
}
