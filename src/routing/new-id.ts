import { ActionId, EventId } from "../core/envelope.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A ULID: ten characters of time, sixteen of chance. */
export function newEventId(now: Date, chance: () => number): EventId {
  return EventId.parse(`ev_${timePart(now)}${randomPart(16, chance)}`);
}

/** Like a ULID, with twelve characters of chance: it has to fit into a button. */
export function newActionId(now: Date, chance: () => number): ActionId {
  return ActionId.parse(`ac_${timePart(now)}${randomPart(12, chance)}`);
}

/** @param chance draws from [0, 1) */
function randomPart(length: number, chance: () => number): string {
  return Array.from({ length }, () => alphabet[Math.floor(chance() * 32)]).join("");
}

function timePart(now: Date): string {
  const time = now.getTime();
  return Array.from({ length: 10 }, (_, n) => alphabet[Math.floor(time / 32 ** (9 - n)) % 32]).join("");
}
