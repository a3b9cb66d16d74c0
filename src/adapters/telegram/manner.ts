import type { Trouble } from "./trouble.ts";

/** How a message is sent. It is given up step by step, when Telegram refuses one of these and nothing else. */
export type Manner = {
  chat: string;
  /** Of a forum; the chat's root without. */
  topic?: string | undefined;
  /** Without bold, links and quotes. */
  isPlain: boolean;
};

/** Another manner in which the same message may be taken, or undefined if this refusal is the last word. */
export function mended(manner: Manner, trouble: Trouble): Manner | undefined {
  if (trouble.kind !== "answer" || trouble.status !== 400) return undefined;
  const { description, migratedTo } = trouble;
  if (migratedTo !== undefined && migratedTo !== manner.chat) return { ...manner, chat: migratedTo };
  if (!manner.isPlain && /entit/i.test(description)) return { ...manner, isPlain: true };
  if (manner.topic !== undefined && /thread not found|topic_(closed|deleted|id_invalid)/i.test(description))
    return { ...manner, topic: undefined };
  return undefined;
}
