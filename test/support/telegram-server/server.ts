import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

import type { Method } from "./bot-api-calls.ts";
import { type Answer, type BotState, perform, refused } from "./bot-api.ts";
import { Chats } from "./chats.ts";
import { complaintsAbout, isServed } from "./complaints.ts";
import { entityComplaints } from "./entity-complaints.ts";
import { FaultPlan, type TelegramFault } from "./faults.ts";
import { type Payload, wordsIn } from "./payload.ts";
import { People } from "./people.ts";
import { type Body, readBody } from "./read-body.ts";
import { Updates } from "./updates.ts";

export type Recorded = { method: string; payload: Payload; fault?: TelegramFault["kind"]; answer?: Answer };

export type TelegramOptions = {
  token?: string;
  port?: number;
  now?: () => Date;
  /** Counted on from here: a server that follows another one on the same chats has to begin elsewhere. */
  lastUpdate?: number;
  /** Told of each call, when its answer is known. */
  watch?: (call: Recorded) => void;
};

/** A token in the form of a real one, to be looked for in everything that is printed or stored. */
export const plantedToken = "7000:AAPlanted-token_that-must_never-appear-0";

/** Telegram as far as a bot can tell: on loopback, with people who can be moved and troubles that can be ordered. */
export async function startTelegram(options: TelegramOptions = {}): Promise<TelegramServer> {
  const telegram = new TelegramServer(options);
  await telegram.open(options.port ?? 0);
  return telegram;
}

export class TelegramServer implements AsyncDisposable {
  readonly token: string;
  readonly faults = new FaultPlan();
  readonly people: People;
  /** All calls in their order. */
  readonly calls: Recorded[] = [];
  /** What was wrong with calls by the documentation: a bot that is in order leaves this empty. */
  readonly complaints: string[] = [];
  readonly state: BotState;
  readonly updates: Updates;
  readonly #server: Server;
  readonly #watch: (call: Recorded) => void;
  readonly #closing = new AbortController();

  constructor(options: TelegramOptions) {
    const {
      token = plantedToken,
      now = () => new Date(),
      lastUpdate = 88_000,
      watch = () => undefined,
    } = options;
    this.updates = new Updates(lastUpdate);
    this.token = token;
    this.#watch = watch;
    this.state = { chats: new Chats(), presses: new Map(), commands: new Map(), webhook: "", now };
    this.people = new People(this.state, this.updates);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  async open(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get apiRoot(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How often a method was called. */
  count(method: Method): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    const body = await readBody(request);
    if (token !== this.token) return reply(response, refused(401, "Unauthorized"));
    if (!isServed(method)) {
      this.complaints.push(`${method} is no method that this server knows`);
      return reply(response, refused(404, "Not Found"));
    }
    const fault = this.faults.next(method);
    const call: Recorded = { method, payload: body.payload, ...(fault && { fault: fault.kind }) };
    this.calls.push(call);
    if (fault) await this.#serveFault(method, body, fault, response, call);
    else {
      call.answer = await this.#answer(method, body, response);
      reply(response, call.answer);
    }
    this.#watch(call);
  }

  async #serveFault(
    method: Method,
    body: Body,
    fault: TelegramFault,
    response: ServerResponse,
    call: Recorded,
  ): Promise<void> {
    if (fault.kind === "slow" || fault.isApplied) call.answer = await this.#answer(method, body, response);
    switch (fault.kind) {
      case "cut":
        response.destroy();
        return;
      case "hang":
        await Promise.race([once(response, "close"), once(this.#closing.signal, "abort")]);
        return;
      case "page":
        response.writeHead(fault.status, { "content-type": "text/html" }).end("<h1>nginx</h1>");
        return;
      case "slow":
        await trickle(response, call.answer, fault.millisecondsPerByte);
        return;
      case "refusal":
        reply(response, { ...refused(fault.status, fault.description), ...pick(fault) });
    }
  }

  async #answer(method: Method, body: Body, response: ServerResponse): Promise<Answer> {
    const complaints = this.#complaintsAbout(method, body.payload);
    if (complaints.length > 0) {
      this.complaints.push(...complaints);
      return refused(400, `Bad Request: ${complaints.join("; ")}`);
    }
    return method === "getUpdates"
      ? this.#longPoll(body.payload, response)
      : perform(method, body, this.state);
  }

  #complaintsAbout(method: Method, payload: Payload): string[] {
    const { text, entities } = wordsIn(payload);
    const shape = complaintsAbout(method, payload);
    return shape.length > 0 ? shape : entityComplaints(text, entities);
  }

  async #longPoll(payload: Payload, response: ServerResponse): Promise<Answer> {
    if (this.state.webhook !== "") {
      return refused(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const [offset, seconds] = [payload.offset ?? 0, payload.timeout ?? 0];
    const updates = await this.updates.ask(offset, seconds, gone.signal);
    if (updates !== "conflict") return { ok: true, result: updates };
    return refused(
      409,
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    );
  }
}

function reply(response: ServerResponse, answer: Answer): void {
  response
    .writeHead(answer.ok ? 200 : answer.error_code, { "content-type": "application/json" })
    .end(JSON.stringify(answer));
}

async function trickle(response: ServerResponse, answer: unknown, milliseconds: number): Promise<void> {
  response.writeHead(200, { "content-type": "application/json" });
  for (const byte of Buffer.from(JSON.stringify(answer))) {
    if (response.destroyed) return;
    response.write(Buffer.from([byte]));
    await pause(milliseconds);
  }
  response.end();
}

function pick({ parameters }: TelegramFault & { kind: "refusal" }) {
  return parameters ? { parameters } : {};
}
