import { createHash } from "node:crypto";

import type { Envelope } from "../../core/envelope.ts";

/** For how long one telling keeps the same from being told again, in seconds. */
const longestMemory = 7 * 24 * 3600;
const echo = 600;

/**
 * What makes two events the same fact, and for how long. Whether something that goes on is told twice depends on whether
 * it goes on still (`recent-past.ts`). Of other news only an echo is dropped, word for word the same within ten
 * minutes: the same words a day later are news. Answers in a chat and questions are never dropped.
 */
export function dedupKeys(envelope: Envelope): { key: string; seconds: number }[] {
  const { id, dedup, category, subject, status, revision, title, summary, body, action } = envelope;
  const own = { key: id as string, seconds: longestMemory };
  if (status === "firing" || status === "resolved") return [own];
  if (dedup !== undefined) return [own, { key: `${category} ${status} ${dedup}`, seconds: longestMemory }];
  if (action !== undefined || category === "chat") return [own];
  const words = createHash("sha256").update(JSON.stringify([status, revision, title, summary, body]));
  return [own, { key: `${category} ${subject} ${words.digest("base64url")}`, seconds: echo }];
}
