export type Span = { type: string; offset: number; length: number };

const alone = ["pre", "code"];
const quotes = ["blockquote", "expandable_blockquote"];

/** What about the spans of a text Telegram would refuse or, worse, put right by its own taste. */
export function entityComplaints(text: string, entities: readonly Span[]): string[] {
  return [
    ...entities.flatMap((entity) => spanComplaints(text, entity)),
    ...pairs(entities).flatMap(([one, other]) => pairComplaints(one, other)),
  ];
}

function spanComplaints(text: string, entity: Span): string[] {
  const { offset, length } = entity;
  const end = offset + length;
  if (!Number.isInteger(offset) || !Number.isInteger(length) || offset < 0 || length < 1)
    return [`${named(entity)} is no span`];
  if (end > text.length) return [`${named(entity)} ends behind the text of ${text.length}`];
  const splits = splitsCharacter(text, offset) || splitsCharacter(text, end);
  return splits ? [`${named(entity)} splits a character`] : [];
}

function pairComplaints(one: Span, other: Span): string[] {
  const [oneEnd, otherEnd] = [one.offset + one.length, other.offset + other.length];
  if (oneEnd <= other.offset || otherEnd <= one.offset) return [];
  const both = `${named(one)} and ${named(other)}`;
  const isNested =
    (one.offset <= other.offset && otherEnd <= oneEnd) || (other.offset <= one.offset && oneEnd <= otherEnd);
  if (!isNested) return [`${both} cross each other`];
  if (quotes.includes(one.type) && quotes.includes(other.type)) return [`${both} are quotes within quotes`];
  const isLonely = [one, other].some(({ type }) => alone.includes(type));
  const isInQuote = [one, other].some(({ type }) => quotes.includes(type));
  return isLonely && !isInQuote ? [`${both} overlap, and pre and code stand alone`] : [];
}

function splitsCharacter(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xff_ff;
}

function pairs<Item>(items: readonly Item[]): [Item, Item][] {
  return items.flatMap((one, at) => items.slice(at + 1).map((other): [Item, Item] => [one, other]));
}

function named({ type, offset, length }: Span): string {
  return `${type} at ${offset}+${length}`;
}
