/** Shorter values turn up in ordinary text. */
const shortest = 6;

const replacement = "[secret]";

export type Blanker = {
  /** The text with each secret, and each usual encoding of one, replaced. */
  blank: (text: string) => string;

  /** For a text that comes in pieces, which may cut a secret in two. */
  stream: () => BlankingStream;
};

export type BlankingStream = {
  /** As much as can be said by now; what may be the beginning of a secret is held back. */
  push(text: string): string;

  /** What was held back. */
  end(): string;
};

/** Finds these values and no others: for secrets that nobody told us of there are patterns elsewhere. */
export function blanker(secrets: readonly string[]): Blanker {
  const needles = needlesFor(secrets);
  if (needles.length === 0) return blindBlanker;
  const pattern = new RegExp(needles.map(escaped).join("|"), "g");
  const blank = (text: string) => text.replace(pattern, replacement);
  return { blank, stream: () => blankingStream(blank, { pattern, openings: openingsOf(needles) }) };
}

const blindBlanker: Blanker = {
  blank: (text) => text,
  stream: () => ({ push: (text) => text, end: () => "" }),
};

/** The longest first, because of two needles that begin alike the longer one must win. */
function needlesFor(secrets: readonly string[]): string[] {
  const needles = secrets
    .map((secret) => secret.trim().toWellFormed())
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [secret, ...jsonForms(secret), ...urlForms(secret), ...byteForms(secret)])
    .filter((needle) => needle.length >= shortest);
  return [...new Set(needles)].toSorted((a, b) => b.length - a.length);
}

function jsonForms(secret: string): string[] {
  return [JSON.stringify(secret).slice(1, -1)];
}

function urlForms(secret: string): string[] {
  const usual = encodeURIComponent(secret);
  const strict = usual.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [usual, strict, usual.replaceAll("%20", "+"), strict.replaceAll("%20", "+")];
  return forms.flatMap((form) => [form, form.replace(/%../g, (code) => code.toLowerCase())]);
}

function byteForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  const base64 = [0, 1, 2].map((before) => base64Inside(bytes, before));
  const base64url = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  return [hex, hex.toUpperCase(), ...base64, ...base64url];
}

/** Base64 of a text that has the secret after `before` other bytes: the characters that only the secret decides. */
function base64Inside(secret: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), secret]);
  const first = Math.ceil((before * 8) / 6);
  const end = Math.floor((text.length * 8) / 6);
  return text.toString("base64").slice(first, end);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

type Search = { pattern: RegExp; openings: (text: string) => number[] };

function blankingStream(blank: (text: string) => string, search: Search): BlankingStream {
  let held = "";
  return {
    push(text) {
      held += text;
      const end = certainEnd(held, search);
      const said = blank(held.slice(0, end));
      held = held.slice(end);
      return said;
    },
    end() {
      const said = blank(held);
      held = "";
      return said;
    },
  };
}

/** Up to here nothing that may follow can change what is a secret and what is not. */
function certainEnd(text: string, { pattern, openings }: Search): number {
  const open = openings(text);
  const firstOpen = (from: number) => open.find((at) => at >= from) ?? text.length;
  let end = firstOpen(0);
  for (const { 0: found, index } of text.matchAll(pattern)) {
    if (index >= end) break;
    end = firstOpen(index + found.length);
  }
  return end;
}

/** Where in a text something begins that would be a needle if the text went on rightly. */
function openingsOf(needles: readonly string[]): (text: string) => number[] {
  const longest = Math.max(...needles.map((needle) => needle.length));
  const byFirst = Map.groupBy(needles, ([first]) => first);
  return (text) => {
    const open: number[] = [];
    for (let at = Math.max(0, text.length - longest + 1); at < text.length; at++) {
      const rest = text.slice(at);
      const mayBegin = (needle: string) => needle.length > rest.length && needle.startsWith(rest);
      if (byFirst.get(text[at])?.some(mayBegin)) open.push(at);
    }
    return open;
  };
}
