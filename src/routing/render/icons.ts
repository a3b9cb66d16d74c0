import type { Tone } from "../../core/card.ts";

/** What a title begins with. */
export const icons: Record<Tone, string> = { ok: "✅", info: "ℹ️", warning: "⚠️", bad: "❌", ask: "❓" };
