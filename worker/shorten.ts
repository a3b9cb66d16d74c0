/** Begin and end of a text that is longer than `limitBytes`, with `note` between them; a shorter text as it is. */
export function shorten(text: string, limitBytes: number, note: (leftOutBytes: number) => string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limitBytes) return text;
  const half = Math.floor(limitBytes / 2);
  const begin = bytes
    .subarray(0, half)
    .toString()
    .replace(/\ufffd+$/, "");
  const end = bytes
    .subarray(bytes.length - half)
    .toString()
    .replace(/^\ufffd+/, "");
  return `${begin}\n\n${note(bytes.length - 2 * half)}\n\n${end}`;
}
