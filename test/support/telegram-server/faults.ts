import type { Method } from "./bot-api-calls.ts";

/**
 * Something that goes wrong with a call. `isApplied`: the message is there nevertheless, and only the answer is lost.
 * `cut` closes the connection; `hang` says nothing; `slow` sends the true answer, byte by byte.
 */
export type TelegramFault =
  | { kind: "cut"; isApplied: boolean }
  | { kind: "hang"; isApplied: boolean }
  | { kind: "slow"; millisecondsPerByte: number }
  | { kind: "page"; status: number; isApplied: boolean }
  | {
      kind: "refusal";
      status: number;
      description: string;
      parameters?: { retry_after?: number; migrate_to_chat_id?: number };
      isApplied?: boolean;
    };

const refusal = (status: number, description: string): TelegramFault => ({
  kind: "refusal",
  status,
  description,
});

/** The troubles of a bot's life, in Telegram's words. */
export const troubles = {
  cutBefore: { kind: "cut", isApplied: false },
  cutAfter: { kind: "cut", isApplied: true },
  hangBefore: { kind: "hang", isApplied: false },
  hangAfter: { kind: "hang", isApplied: true },
  slow: { kind: "slow", millisecondsPerByte: 1 },
  badGateway: { kind: "page", status: 502, isApplied: false },
  badGatewayAfter: { kind: "page", status: 502, isApplied: true },
  internal: refusal(500, "Internal Server Error"),
  unauthorized: refusal(401, "Unauthorized"),
  notFound: refusal(404, "Not Found"),
  blocked: refusal(403, "Forbidden: bot was blocked by the user"),
  chatNotFound: refusal(400, "Bad Request: chat not found"),
  badEntities: refusal(400, "Bad Request: can't parse entities: unsupported entity at byte offset 7"),
  noRights: refusal(400, "Bad Request: not enough rights to send text messages to the chat"),
  conflict: refusal(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
  ),
  tooLarge: refusal(413, "Request Entity Too Large"),
  tooMany: (seconds: number): TelegramFault => ({
    kind: "refusal",
    status: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  }),
} as const satisfies Record<string, TelegramFault | ((seconds: number) => TelegramFault)>;

export type FaultOrder = {
  fault: TelegramFault;
  /** All calls but the long poll if absent. */
  methods?: readonly Method[];
  /** How many of these calls pass before; none if absent. */
  after?: number;
  /** How many of these calls it meets; one if absent. */
  times?: number;
};

/** Faults that come by chance to each call, all equally often. */
export type Weather = {
  chance: () => number;
  /** In [0, 1]. */
  probability: number;
  faults: readonly TelegramFault[];
  methods?: readonly Method[];
};

/** Which fault meets which call. */
export class FaultPlan {
  #orders: Required<FaultOrder>[] = [];
  #weather: Weather | undefined;

  order({ fault, methods = [], after = 0, times = 1 }: FaultOrder): void {
    this.#orders.push({ fault, methods, after, times });
  }

  weather(weather: Weather | undefined): void {
    this.#weather = weather;
  }

  next(method: Method): TelegramFault | undefined {
    for (const order of this.#orders) {
      if (!concerns(order.methods, method)) continue;
      if (order.after-- > 0) continue;
      if (--order.times <= 0) this.#orders = this.#orders.filter((other) => other !== order);
      return order.fault;
    }
    return this.#gust(method);
  }

  #gust(method: Method): TelegramFault | undefined {
    const { chance, probability, faults, methods = [] } = this.#weather ?? {};
    if (!chance || !faults || !concerns(methods, method) || chance() >= (probability ?? 0)) return undefined;
    return faults[Math.floor(chance() * faults.length)];
  }
}

function concerns(methods: readonly Method[], method: Method): boolean {
  return methods.length > 0 ? methods.includes(method) : method !== "getUpdates";
}
