/**
 * A pure function of a text that remembers its newest answers. They are shared, so nobody may change them.
 *
 * @param most how many answers it remembers
 * @param longest texts with more characters than this are read anew each time
 */
export function remembering<Answer>(
  read: (text: string) => Answer,
  { most, longest }: { most: number; longest: number },
): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    if (text.length > longest) return read(text);
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const own = copyOf(text);
    const answer = read(own);
    const [oldest] = known.keys();
    if (known.size >= most && oldest !== undefined) known.delete(oldest);
    known.set(own, answer);
    return answer;
  };
}

/** A piece of a string keeps the whole of it in memory. */
function copyOf(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
