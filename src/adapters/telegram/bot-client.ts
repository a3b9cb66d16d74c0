import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Duplex } from "node:stream";

import { Api } from "grammy";

import { type Trouble, troubleOf } from "./trouble.ts";

export type BotAccess = {
  token: string;
  /** Without a slash at its end; Telegram's own servers if absent. */
  apiRoot?: string | undefined;
  /** After which a call counts as unanswered. */
  timeoutSeconds?: number | undefined;
};

export type Result<Value> = { ok: true; value: Value } | { ok: false; trouble: Trouble };

/** Something to do with grammY's Api. The signal ends it. */
export type Call<Value> = (api: Api, signal: Parameters<Api["getMe"]>[0]) => Promise<Value>;

export type BotClient = <Value>(
  call: Call<Value>,
  options?: { timeoutSeconds?: number; signal?: AbortSignal },
) => Promise<Result<Value>>;

/**
 * Calls to the Bot API that are made once and whose errors hold no token. Each has a connection of its own: one that
 * was kept and that the server has just closed looks like a lost answer, and what may have arrived is not sent again.
 */
export function botClient({ token, apiRoot, timeoutSeconds: usual = 20 }: BotAccess): BotClient {
  return async (call, { timeoutSeconds = usual, signal } = {}) => {
    const connection = freshConnection(apiRoot);
    const api = new Api(token, {
      ...(apiRoot !== undefined && { apiRoot: apiRoot.replace(/\/+$/, "") }),
      timeoutSeconds,
      // A redirect comes from a portal on the way, never from Telegram, and would be handed the message.
      baseFetchConfig: { agent: connection.agent, compress: true, redirect: "error" },
    });
    try {
      // grammY was written against a polyfill of AbortSignal that lacks what Node's has.
      return { ok: true, value: await call(api, signal as Parameters<Api["getMe"]>[0]) };
    } catch (error) {
      return { ok: false, trouble: troubleOf(error, connection.isOpen(), token) };
    } finally {
      connection.agent.destroy();
    }
  };
}

/** An agent for one call, which knows whether there ever was somebody at the other end. */
function freshConnection(apiRoot: string | undefined): {
  agent: HttpAgent;
  isOpen(): boolean;
} {
  let isOpen = false;
  const isPlain = apiRoot?.startsWith("http:") ?? false;
  const agent = isPlain ? new HttpAgent() : new HttpsAgent();
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    const socket: Duplex | null | undefined = connect(options, done);
    socket?.once(isPlain ? "connect" : "secureConnect", () => {
      isOpen = true;
    });
    return socket;
  };
  return { agent, isOpen: () => isOpen };
}
