import { Beat } from "../core/beat.ts";

export function renderBeat(beat: Beat): string {
  return `${JSON.stringify(beat)}\n`;
}

/** Undefined for a text that is no beat of a version we know; its commit is a sign of life all the same. */
export function parseBeat(text: string): Beat | undefined {
  try {
    return Beat.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
