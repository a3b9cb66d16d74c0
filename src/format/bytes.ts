const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Text of a file that people may have written with any editor. Each byte that is no UTF-8 becomes a lone surrogate
 * U+DC80 to U+DCFF, so that `encodeText` gives back the same bytes.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeEscaped(bytes);
  }
}

/** The bytes of a text, among them those that `decodeText` had to escape. */
export function encodeText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts = text.split(/([\uDC80-\uDCFF]+)/u);
  return Buffer.concat(parts.map((part, n) => (n % 2 === 1 ? unescapeBytes(part) : Buffer.from(part))));
}

function decodeEscaped(bytes: Uint8Array): string {
  let text = "";
  let validFrom = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      text += strict.decode(bytes.subarray(validFrom, at)) + String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
      validFrom = at + 1;
    }
    at += length || 1;
  }
  return text + strict.decode(bytes.subarray(validFrom));
}

/** Length of the UTF-8 sequence that begins at `at`, 0 when none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  // The second byte's range excludes overlong forms, surrogates, and what lies beyond U+10FFFF.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (!within(bytes[at + 1], low, high)) return 0;
  for (let next = at + 2; next < at + length; next++) if (!within(bytes[next], 0x80, 0xbf)) return 0;
  return length;
}

function within(byte: number | undefined, low: number, high: number): boolean {
  return byte !== undefined && byte >= low && byte <= high;
}

function unescapeBytes(escaped: string): Buffer {
  return Buffer.from(Array.from(escaped, (unit) => unit.charCodeAt(0) - 0xdc00));
}
