import { REST, type RawFile } from "@discordjs/rest";
import { type APIUser, Routes } from "discord-api-types/v10";

import { blanker } from "../../format/secrets.ts";
import { type Answer, troubleOf } from "./answer.ts";
import { transport } from "./transport.ts";

export type DiscordAccount = {
  /** Of the bot. Without one only webhooks can be posted to. */
  token?: string;
  /** Without `/v10`. */
  root?: string;
  timeoutMs?: number;
};

export type DiscordRequest = {
  body?: unknown;
  files?: readonly { name: string; text: string }[];
  query?: Record<string, string>;
};

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A longer wait is not sat out but handed back: other destinations must not stand in line for it. */
const longestWaitMs = 2000;

/** Discord's API with one account: share it between channels, they share its rate limits. Nothing is tried twice. */
export class DiscordApi {
  readonly #rest: REST;
  readonly #token: string | undefined;
  readonly #blank: (text: string) => string;
  #me: APIUser | undefined;

  constructor({ token, root = "https://discord.com/api", timeoutMs = 10_000 }: DiscordAccount) {
    this.#token = token;
    this.#blank = blanker(token === undefined ? [] : [token]).blank;
    this.#rest = new REST({
      version: "10",
      api: root.replace(/\/+$/, ""),
      retries: 0,
      // Ours are the deadlines: the library's would count the time in its own queue as well.
      timeout: timeoutMs * 2,
      makeRequest: transport(timeoutMs),
      rejectOnRateLimit: ({ retryAfter }) => retryAfter > longestWaitMs,
    });
    if (token !== undefined) this.#rest.setToken(token);
  }

  /** With the token. The library forgets it after a 401; whether it counts again is for Discord to say. */
  async call<Body>(method: Method, route: `/${string}`, request: DiscordRequest = {}): Promise<Answer<Body>> {
    const answer = await this.#ask<Body>(method, route, request, true);
    const isTurnedAway = answer.kind === "no" && answer.status === 401;
    if (isTurnedAway && this.#token !== undefined) this.#rest.setToken(this.#token);
    return answer;
  }

  /** For addresses that are secrets themselves. */
  callOpenly<Body>(method: Method, route: `/${string}`, request: DiscordRequest = {}): Promise<Answer<Body>> {
    return this.#ask<Body>(method, route, request, false);
  }

  /** Who we are; asked once. */
  async me(): Promise<Answer<APIUser>> {
    if (this.#me) return { kind: "ok", body: this.#me };
    const answer = await this.call<APIUser>("GET", Routes.user("@me"));
    if (answer.kind === "ok") this.#me = answer.body;
    return answer;
  }

  async #ask<Body>(
    method: Method,
    fullRoute: `/${string}`,
    { body, files, query }: DiscordRequest,
    auth: boolean,
  ): Promise<Answer<Body>> {
    try {
      const answer = await this.#rest.request({
        method: method as Parameters<REST["request"]>[0]["method"],
        fullRoute,
        auth,
        ...(body === undefined ? {} : { body }),
        ...(files === undefined || files.length === 0 ? {} : { files: files.map(rawFile) }),
        ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
      });
      return { kind: "ok", body: answer as Body };
    } catch (error) {
      const trouble = troubleOf(error);
      return { ...trouble, why: this.#blank(trouble.why) };
    }
  }
}

function rawFile({ name, text }: { name: string; text: string }): RawFile {
  return { name, data: Buffer.from(text), contentType: "text/markdown; charset=utf-8" };
}
