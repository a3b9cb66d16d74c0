/**
 * The words of a plain command, without what it does with its output; undefined where it takes a shell to know them:
 * several commands, variables, patterns.
 */
export function shellWords(command: string): string[] | undefined {
  const plain = command.replace(/(?:\s*(?:[12]?>>?|&>>?)\s*(?:&[12]|[^\s&|;<>"'`$]+))+\s*$/, "");
  const words: string[] = [];
  let rest = plain.trim();
  while (rest !== "") {
    const word = takeWord(rest);
    if (word === undefined) return undefined;
    words.push(word.text);
    rest = rest.slice(word.length).trimStart();
  }
  return words;
}

function takeWord(from: string): { text: string; length: number } | undefined {
  const piece = /'([^']*)'|"((?:[^"\\$`]|\\.)*)"|\\(.)|([^\s'"\\|&;<>()$`*?[\]{}#!~]+)/y;
  let text = "";
  let length = 0;
  while (length < from.length && !/\s/.test(from.charAt(length))) {
    piece.lastIndex = length;
    const found = piece.exec(from);
    if (!found) return undefined;
    const [whole, single, double, escaped, bare] = found;
    text += single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? bare ?? "";
    length += whole.length;
  }
  return { text, length };
}
