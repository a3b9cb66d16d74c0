import { GrammyError } from "grammy";
import * as z from "zod";

import type { Sending } from "../../ports/channel.ts";

/**
 * What went wrong with a call, in words of our own: grammY's errors hold the address of the call, which has the token
 * in it. `unreachable`: nothing was sent. `silent`: it was sent and nobody knows what became of it.
 */
export type Trouble =
  | { kind: "unreachable"; why: string }
  | { kind: "silent"; why: string }
  | { kind: "answer"; status: number; description: string; retryAfter?: number; migratedTo?: string };

/** Telegram tells how long to wait; where it does not, this many seconds. */
const defaultPatience = 30;

/** `connected`: whether the request can have reached anybody. */
export function troubleOf(error: unknown, connected: boolean, token: string): Trouble {
  const refusal = error instanceof GrammyError ? Refused.safeParse(error) : undefined;
  if (refusal?.success) {
    const { error_code: status, description, parameters } = refusal.data;
    const { retry_after: retryAfter, migrate_to_chat_id: migratedTo } = parameters;
    return {
      kind: "answer",
      status,
      description: oneLine(withoutToken(description, token)),
      ...(retryAfter !== undefined && { retryAfter }),
      ...(migratedTo !== undefined && { migratedTo: String(migratedTo) }),
    };
  }
  const code = codeOf(error);
  return connected
    ? { kind: "silent", why: `Telegram was reached, and its answer did not arrive (${code})` }
    : { kind: "unreachable", why: `Telegram cannot be reached (${code})` };
}

/** A refusal by Telegram, and not by a portal or proxy that speaks JSON too. */
const Refused = z.object({
  error_code: z.int().min(400).max(599),
  description: z.string().default(""),
  parameters: z
    .object({
      retry_after: z.number().min(0).max(86_400).optional().catch(undefined),
      migrate_to_chat_id: z.int().optional().catch(undefined),
    })
    .catch({}),
});

/** How a send ended that met this trouble. */
export function sendingOf(trouble: Trouble): Sending {
  if (trouble.kind === "unreachable")
    return { kind: "refused", code: "TELEGRAM_UNREACHABLE", why: trouble.why };
  if (trouble.kind === "silent") return { kind: "unknown", code: "TELEGRAM_NO_ANSWER", why: trouble.why };
  const { status, description, retryAfter = defaultPatience } = trouble;
  const why = `Telegram answered ${status}: ${description}`;
  if (status === 429) return { kind: "later", afterSeconds: retryAfter, why };
  if (status >= 500) return { kind: "unknown", code: "TELEGRAM_SERVER_ERROR", why };
  const { code, scope, hint } = refusalOf(status, description);
  return { kind: "dead", code, scope, why: `${why}. ${hint}` };
}

type Refusal = { code: string; scope: "destination" | "message"; hint: string };

const refusals: readonly (Refusal & { status: number; says?: RegExp })[] = [
  {
    status: 401,
    code: "TELEGRAM_TOKEN_REFUSED",
    scope: "destination",
    hint: "The token is revoked or mistyped: ask @BotFather for a new one.",
  },
  {
    status: 404,
    code: "TELEGRAM_TOKEN_REFUSED",
    scope: "destination",
    hint: "No bot has this token, or the API root is wrong.",
  },
  {
    status: 403,
    code: "TELEGRAM_BLOCKED",
    scope: "destination",
    hint: "Open the chat with the bot and press Start, or unblock it; in a group, add it again.",
  },
  {
    status: 400,
    says: /chat not found|peer_id_invalid|chat_id is empty/i,
    code: "TELEGRAM_CHAT_NOT_FOUND",
    scope: "destination",
    hint: "Compare the chat id with the one in the configuration, and press Start in that chat.",
  },
  {
    status: 400,
    says: /not enough rights|need administrator|chat_write_forbidden|have no rights|chat_restricted/i,
    code: "TELEGRAM_NO_RIGHTS",
    scope: "destination",
    hint: "Let the bot write in that chat.",
  },
  {
    status: 400,
    says: /can't be deleted/i,
    code: "TELEGRAM_TOO_OLD",
    scope: "message",
    hint: "Bots may remove their messages for 48 hours; this one stays.",
  },
  {
    status: 413,
    code: "TELEGRAM_TOO_LARGE",
    scope: "message",
    hint: "A bot may send files of 50 MB.",
  },
];

function refusalOf(status: number, description: string): Refusal {
  const known = refusals.find(
    (refusal) => refusal.status === status && (refusal.says?.test(description) ?? true),
  );
  return (
    known ?? {
      code: "TELEGRAM_MESSAGE_REFUSED",
      scope: "message",
      hint: "This is a bug in how Pawl makes messages; the event itself is kept.",
    }
  );
}

/** The token with or without its number, wherever a server or a library may have put it. */
function withoutToken(text: string, token: string): string {
  const secret = token.slice(token.indexOf(":") + 1);
  const plain = [token, encodeURIComponent(token), secret].filter((part) => part.length > 0);
  return plain.reduce((left, part) => left.replaceAll(part, "<token>"), text);
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it takes out
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, " ").slice(0, 300);
}

/** The name that Node gives to a failure of the network, which never has an address in it. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; depth++) {
    if ("code" in at && typeof at.code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(at.code)) return at.code;
    if (/timed out after \d+ seconds/.test(at.message)) return "timeout";
    at = "error" in at ? at.error : at.cause;
  }
  return "no code";
}
