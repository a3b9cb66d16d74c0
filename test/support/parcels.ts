import type { Card } from "../../src/core/card.ts";
import type { CardMessage, DiscordMessage, Message, Parcel } from "../../src/ports/channel.ts";

export function aParcel(given: Partial<Parcel> & { message: Message }): Parcel {
  const marker = given.marker ?? "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C";
  return { marker, nonce: `n-${marker.slice(-23)}`, silent: false, ...given };
}

/** A card as the renderer makes it, with the marker in its footer. */
export function aDiscordParcel(
  given: Partial<Omit<Parcel, "message">> & { message?: Partial<DiscordMessage> } = {},
): Parcel {
  const { message, ...rest } = given;
  const marker = rest.marker ?? "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C";
  return aParcel({
    ...rest,
    marker,
    message: {
      kind: "discord",
      embeds: [{ title: "Research: hosting prices", color: 0x2ecc71, footer: { text: `${marker} · r1` } }],
      ...message,
    },
  });
}

export function aPageParcel(marker: string, markdown: string): Parcel {
  return aParcel({ marker, message: { kind: "page", markdown } });
}

export function aCardParcel(
  given: Partial<Omit<Parcel, "message">> & { card?: Partial<Card> } = {},
): Parcel & { message: CardMessage } {
  const { card, ...rest } = given;
  const message: CardMessage = {
    kind: "card",
    card: {
      marker: "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C",
      event: undefined,
      tone: "ask",
      title: "Send 14 invoices?",
      lines: ["Total 8,420 USD"],
      facts: [],
      at: "2026-11-21T09:10:00Z",
      ...card,
    },
  };
  return { ...aParcel({ ...rest, message }), message };
}
