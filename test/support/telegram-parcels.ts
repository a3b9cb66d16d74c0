import type { Parcel, TelegramMessage } from "../../src/ports/channel.ts";
import { aParcel } from "./parcels.ts";

export const anAction = {
  action: "ac_01KA9Z8Q5Y0V2T6W3R4X7B",
  payloadHash: `sha256:${"a".repeat(64)}`,
};

export function aTelegramParcel(
  message: Partial<TelegramMessage> & { text: string },
  more: Partial<Omit<Parcel, "message">> = {},
): Parcel {
  return aParcel({ ...more, message: { kind: "telegram", entities: [], ...message } });
}

/** A message that asks for a decision. */
export function aQuestion(text = "Send 14 invoices?", more: Partial<Omit<Parcel, "message">> = {}): Parcel {
  const rows = [
    [
      { label: "Approve", verb: "ok", style: "success" as const },
      { label: "Reject", verb: "no", style: "danger" as const },
    ],
    [{ label: "In 2 h", verb: "z2" }],
  ];
  return aTelegramParcel({ text, keyboard: { ...anAction, rows } }, more);
}
