import { closest, distance } from "fastest-levenshtein";

/** The known word that somebody probably meant by `word`, if one is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const written = word.toLowerCase();
  const transposed = known.find((other) => isTransposed(written, other));
  if (transposed !== undefined) return transposed;
  const best = closest(written, known);
  return distance(written, best) <= Math.max(1, Math.floor(best.length / 3)) ? best : undefined;
}

/** `; did you mean x?` or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = nearest(word, known);
  return best === undefined ? "" : `; did you mean ${best}?`;
}

/** Two neighbouring letters in the wrong order are the commonest slip, and count as two elsewhere. */
function isTransposed(word: string, other: string): boolean {
  if (word.length !== other.length) return false;
  const at = Array.from(word).findIndex((letter, n) => letter !== other[n]);
  return (
    at >= 0 &&
    word[at] === other[at + 1] &&
    word[at + 1] === other[at] &&
    word.slice(at + 2) === other.slice(at + 2)
  );
}
