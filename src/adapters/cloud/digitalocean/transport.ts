import { AsyncLocalStorage } from "node:async_hooks";

import { networkTrouble } from "../../../core/network-trouble.ts";
import { type Ask, type Outcome, waitOf } from "../outcome.ts";
import { DigitalOcean, instance } from "./sdk.ts";

export type Transport = { token: string; root: string; userAgent: string; timeoutMs: number };

/** No account has more pages than this; the list of sizes has two. */
const largestAnswer = 32 * 1024 * 1024;

/** The library has one token and one address for the whole process. Ours go with each call. */
const calls = new AsyncLocalStorage<Transport>();

instance.interceptors.request.use((config) => {
  const transport = calls.getStore();
  if (!transport) throw new Error("a request of digitalocean-js outside of a call");
  config.baseURL = transport.root;
  config.headers.setAuthorization(`Bearer ${transport.token}`);
  config.headers.setUserAgent(transport.userAgent);
  config.signal = AbortSignal.timeout(transport.timeoutMs);
  config.timeout = transport.timeoutMs;
  config.maxRedirects = 0;
  // What goes to this machine in plain text is not for a proxy to read; see accessFrom.
  if (transport.root.startsWith("http:")) config.proxy = false;
  config.maxContentLength = largestAnswer;
  return config;
});

/** An AxiosError has the token in its configuration; none gets further than this. */
instance.interceptors.response.use(undefined, (error: unknown) => {
  throw new NotAnswered(outcomeOf(error));
});

class NotAnswered extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

export const library = new DigitalOcean("");

/** A call of the library as a request whose end is a value. */
export function asking(transport: Transport, call: () => Promise<unknown>): Ask {
  return async () => {
    try {
      return { kind: "answered", body: await calls.run(transport, call) };
    } catch (error) {
      if (error instanceof NotAnswered) return error.outcome;
      // The library reads a field of an answer without looking whether there is one.
      if (error instanceof TypeError) return { kind: "answered", body: undefined };
      throw new Error("digitalocean-js broke");
    }
  };
}

/** GET for what the library has no argument for: pages and filters. */
export function getting(transport: Transport, path: string, params: Record<string, string | number>): Ask {
  return asking(transport, async () => (await instance.get<unknown>(path, { params })).data);
}

function outcomeOf(error: unknown): Outcome {
  const { response, code } = error as {
    response?: { status: number; data?: unknown; headers: Record<string, unknown> };
    code?: unknown;
  };
  if (!response) {
    const isLate = code === "ECONNABORTED" || code === "ETIMEDOUT" || code === "ERR_CANCELED";
    if (isLate) return silent(Object.assign(new Error("late"), { name: "TimeoutError" }));
    return silent(error);
  }
  const waitSeconds = waitOf((name) => text(response.headers[name]));
  const { id, message } = (response.data ?? {}) as { id?: unknown; message?: unknown };
  const word = text(id);
  return {
    kind: "refused",
    status: response.status,
    ...(word !== undefined && /^[a-z_]{1,40}$/.test(word) && { code: word }),
    said: text(message) ?? "",
    ...(waitSeconds !== undefined && { waitSeconds }),
  };
}

function silent(error: unknown): Outcome {
  return { kind: "silent", trouble: networkTrouble(error) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
