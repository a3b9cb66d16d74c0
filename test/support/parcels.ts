import type { DiscordMessage, Message, Parcel } from "../../src/ports/channel.ts";

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
