import { closest, distance } from "fastest-levenshtein";

/** The known word that somebody probably meant by `word`, if one is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(word.toLowerCase(), known);
  return distance(word.toLowerCase(), best) <= Math.max(1, Math.floor(best.length / 3)) ? best : undefined;
}

/** `, did you mean x?` or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = nearest(word, known);
  return best === undefined ? "" : `; did you mean ${best}?`;
}
