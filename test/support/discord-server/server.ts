import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

import { Gateway, type Typed } from "./gateway.ts";
import type { File } from "./limits.ts";
import { Refusal } from "./reply.ts";
import { answer, type Call, type Desk, type Reply } from "./routes.ts";
import { loadShapes } from "./schemas.ts";
import { type Message, type Room, type Webhook, World } from "./world.ts";

/** What is to go wrong with a request. Those `-after` do what was asked before it does. */
export type Trouble =
  | { kind: "cut" | "cut-after" | "hang" | "hang-after" }
  /** Done, and then the answer stops in the middle of its body. */
  | { kind: "slow-body" }
  | { kind: "status" | "status-after"; status: number; body?: unknown; headers?: Record<string, string> }
  | { kind: "rate-limit"; seconds: number; scope?: "user" | "shared" | "global" };

export type Seen = { method: string; path: string; body: unknown; files: readonly File[]; status: number };

export type DiscordServer = AsyncDisposable & {
  /** For DISCORD_API_ROOT. */
  root: string;
  world: World;
  gateway: Gateway;
  /** Asked before each request; undefined means that all is well. */
  trouble: (call: Call) => Trouble | undefined;
  /** Every request that was answered, in order. */
  seen: Seen[];
  /** Requests that Discord would have refused for their form: a defect of ours each, which the end tells of. */
  complaints: string[];
  room(name: string): Room;
  /** What people read in a channel or thread, the oldest first. */
  messages(name: string): readonly Message[];
  webhookUrl(webhook: Webhook): string;
  /** Types a slash command; resolves with what the person is shown, once it is more than "thinking". */
  type(typed: Typed): Promise<Shown>;
};

export type Shown = { content: string; isEphemeral: boolean; flags: number; files: readonly File[] };

type Words = { content?: string; flags?: number; files?: readonly File[] };

const ephemeral = 64;

/** A server of Discord on a loopback port, with a bot that may do all it needs, and no channels yet. */
export async function startDiscord({
  token = "MTE5.a-token.that-must-not-leak",
  now = Date.now,
}: { token?: string; now?: () => number } = {}): Promise<DiscordServer> {
  const world = new World({ token, now });
  const http = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const gateway = new Gateway(http, world);
  const waiting = new Map<string, { isEphemeral: boolean; show(shown: Shown): void }>();
  const desk: Desk = { world, checkShape: loadShapes(), gateway: "", onInteraction };

  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  const host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  desk.gateway = `ws://${host}`;

  const server: DiscordServer = {
    root: `http://${host}/api`,
    world,
    gateway,
    trouble: () => undefined,
    seen: [],
    complaints: [],
    room(name) {
      const room = [...world.rooms.values()].find((one) => one.name === name);
      if (!room) throw new Error(`there is no channel ${name}`);
      return room;
    },
    messages: (name) => server.room(name).messages,
    webhookUrl: ({ id, token: secret }) => `http://${host}/api/webhooks/${id}/${secret}`,
    type(typed) {
      const { promise, resolve } = Promise.withResolvers<Shown>();
      const id = world.newId();
      waiting.set(`interaction-${id}`, { isEphemeral: false, show: resolve });
      gateway.type({ id, token: `interaction-${id}` }, typed);
      return promise;
    },
    async [Symbol.asyncDispose]() {
      gateway.close();
      http.close();
      http.closeAllConnections();
      await once(http, "close");
      if (server.complaints.length > 0)
        throw new Error(`malformed requests:\n${server.complaints.join("\n")}`);
    },
  };
  return server;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await callOf(request);
    const trouble = server.trouble(call);
    if (trouble?.kind === "hang") return;
    if (trouble?.kind === "cut") return void response.destroy();
    if (trouble?.kind === "status") return send(response, trouble);
    if (trouble?.kind === "rate-limit") return send(response, rateLimited(trouble));
    const reply = replyTo(call);
    const { method, path, body, files } = call;
    server.seen.push({ method, path, body, files, status: reply.status });
    if (trouble?.kind === "cut-after") return void response.destroy();
    if (trouble?.kind === "hang-after") return;
    if (trouble?.kind === "status-after") return send(response, trouble);
    if (trouble?.kind === "slow-body") return sendHalf(response, reply);
    send(response, reply);
  }

  function replyTo(call: Call): Reply {
    try {
      return answer(desk, call);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 50035)
        server.complaints.push(`${call.method} ${call.path}: ${error.errors.join("; ")}`);
      return { status: error.status, body: error.body() };
    }
  }

  function onInteraction(key: string, said: unknown): void {
    const shown = waiting.get(key);
    if (!shown) return;
    const { type, data = {}, ...edit } = said as { type?: number; data?: Words } & Words;
    const isCallback = type !== undefined;
    const { content = "", flags = 0, files = [] } = isCallback ? data : edit;
    if (isCallback) shown.isEphemeral = (flags & ephemeral) !== 0;
    // Type 5 is "thinking".
    if (type === 5) return;
    waiting.delete(key);
    shown.show({ content, flags, isEphemeral: shown.isEphemeral, files });
  }
}

async function callOf(request: IncomingMessage): Promise<Call> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const { body, files } = await bodyOf(request);
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(pathname).replace(/^\/api(\/v10)?/, ""),
    query: searchParams,
    authorization: request.headers.authorization,
    body,
    files,
  };
}

async function bodyOf(request: IncomingMessage): Promise<Pick<Call, "body" | "files">> {
  const bytes = await buffer(request);
  const type = request.headers["content-type"] ?? "";
  if (bytes.length === 0) return { body: {}, files: [] };
  if (!type.startsWith("multipart/form-data"))
    return { body: JSON.parse(bytes.toString()) as Call["body"], files: [] };
  // oxlint-disable-next-line no-deprecated -- it is good enough for what we send ourselves
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
  const payload = form.get("payload_json");
  const parts = [...form].flatMap(([name, part]) =>
    name.startsWith("files[") && typeof part !== "string" ? [part] : [],
  );
  const files = parts.map(async (part) => ({ name: part.name, bytes: part.size, text: await part.text() }));
  return {
    body: (typeof payload === "string" ? JSON.parse(payload) : {}) as Call["body"],
    files: await Promise.all(files),
  };
}

function rateLimited({ seconds, scope = "user" }: Extract<Trouble, { kind: "rate-limit" }>) {
  return {
    status: 429,
    body: {
      message: "You are being rate limited.",
      retry_after: seconds,
      global: scope === "global",
      code: 0,
    },
    headers: {
      "retry-after": String(seconds),
      "x-ratelimit-scope": scope,
      ...(scope === "global" ? { "x-ratelimit-global": "true" } : {}),
    },
  };
}

function send(response: ServerResponse, reply: Reply & { headers?: Record<string, string> }): void {
  const { status, body, headers } = reply;
  const isPage = typeof body === "string" || body === undefined;
  response.writeHead(status, { "content-type": isPage ? "text/html" : "application/json", ...headers });
  response.end(isPage ? body : JSON.stringify(body));
}

function sendHalf(response: ServerResponse, { status, body }: Reply): void {
  const text = JSON.stringify(body ?? {});
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.write(text.slice(0, text.length / 2));
}
