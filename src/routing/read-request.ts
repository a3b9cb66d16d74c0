import * as z from "zod";

import { ActionId, Envelope, EventId } from "../core/envelope.ts";
import type { RoutingRequest } from "./request.ts";

const Text = z.string().min(1).max(1000);
const Instant = z.iso.datetime({ offset: true });

const Silence = z.strictObject({
  id: Text,
  subject: Text.optional(),
  category: Text.optional(),
  until: Instant,
  why: z.string().max(1000),
  by: Text,
});

const Request = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("event"), envelope: Envelope }),
  z.strictObject({
    kind: z.literal("answer"),
    action: ActionId,
    verb: Text,
    text: z.string().max(20_000).optional(),
    person: Text,
  }),
  z.strictObject({ kind: z.literal("retry"), delivery: Text, by: Text }),
  z.strictObject({ kind: z.literal("give-up"), delivery: Text, by: Text }),
  z.strictObject({ kind: z.literal("silence"), silence: Silence }),
  z.strictObject({ kind: z.literal("end-silence"), id: Text, by: Text }),
  z.strictObject({ kind: z.literal("quiet"), until: Instant.nullable(), by: Text }),
  z.strictObject({ kind: z.literal("flush"), digest: Text, by: Text }),
  z.strictObject({ kind: z.literal("checked"), destination: Text, event: EventId.optional() }),
]);

/** What lies in main's box may come from anybody who can write there. Throws what is wrong with it. */
export function readRequest(value: unknown): RoutingRequest {
  const read = Request.safeParse(value);
  // Zod tells what is left out by undefined, our types by absence; both write the same JSON.
  if (read.success) return read.data as RoutingRequest;
  throw new Error(z.prettifyError(read.error));
}
