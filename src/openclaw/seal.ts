import { createHash } from "node:crypto";

const seal = /<!-- written by pawl, (?<sum>[0-9a-f]{16}) -->\n$/;

/** The text with a last line by which it is known again, as long as nobody changes it. */
export function sealed(text: string): string {
  return `${text}<!-- written by pawl, ${sumOf(text)} -->\n`;
}

/** Whether a text is one of ours, of whatever version, and nobody has changed it. */
export function isSealed(text: string): boolean {
  const found = seal.exec(text);
  return found !== null && found.groups?.["sum"] === sumOf(text.slice(0, found.index));
}

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
