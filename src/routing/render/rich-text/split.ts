import { sliced, type RichText } from "./rich-text.ts";

/** How much one message takes: UTF-16 units, and marks if those are limited too. */
export type Room = { units: number; marks?: number };

/** Pieces that fit, each but the last ending with a paragraph where there is one, else with a line or a word. */
export function split(rich: RichText, room: Room): RichText[] {
  const pieces: RichText[] = [];
  for (let at = 0; at < rich.text.length;) {
    const end = endOfPiece(rich, at, room);
    const piece = sliced(rich, at, end);
    if (piece.text !== "") pieces.push(piece);
    at = end;
  }
  return pieces;
}

/** The beginning that fits, with `…` behind it if that is not all. */
export function cut(rich: RichText, room: Room): RichText {
  const end = endOfPiece(rich, 0, room);
  if (end >= rich.text.length) return rich;
  const piece = sliced(rich, 0, endOfPiece(rich, 0, { ...room, units: Math.max(1, room.units - 2) }));
  return { text: `${piece.text} …`, marks: piece.marks };
}

/** Plain text of at most so many UTF-16 units, `…` included. */
export function cutText(text: string, units: number): string {
  return text.length <= units ? text : `${text.slice(0, wholeCharacter(text, units - 1)).trimEnd()}…`;
}

function endOfPiece({ text, marks }: RichText, start: number, { units, marks: mostMarks }: Room): number {
  const limit = Math.min(
    start + units,
    mostMarks === undefined ? Infinity : endOfMarks(marks, start, mostMarks),
  );
  if (limit >= text.length) return text.length;
  const earliest = start + Math.ceil((limit - start) / 2);
  const secondHalf = text.slice(earliest, limit);
  for (const sign of ["\n\n", "\n", " "]) {
    const at = secondHalf.lastIndexOf(sign);
    if (at !== -1) return earliest + at + sign.length;
  }
  return Math.max(start + 1, wholeCharacter(text, limit));
}

/** Where the first mark begins that would be one too many. */
function endOfMarks(marks: RichText["marks"], start: number, most: number): number {
  let count = 0;
  for (const mark of marks) {
    if (mark.end <= start) continue;
    count++;
    if (count > most) return Math.max(mark.start, start + 1);
  }
  return Infinity;
}

/** Not between the halves of a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const before = text.charCodeAt(at - 1);
  return before >= 0xd800 && before <= 0xdbff ? at - 1 : at;
}
