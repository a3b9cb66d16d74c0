export type Words = { kind: "words"; words: [string, ...string[]] } | { kind: "refused"; why: string };

/**
 * Splits a line where a shell would, and refuses whatever a shell would do something else with: a command that was
 * written for a shell must not half work without one.
 */
export function shellWords(line: string): Words {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== "") {
    const word = /^(?:'[^']*'|"[^"$`\\]*"|[^\s'"|&;<>()$`\\*?[\]{}#~]|(?<=\S)[#~])+(?=\s|$)/.exec(rest)?.[0];
    if (word === undefined) return refused(rest);
    words.push(word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
    rest = rest.slice(word.length).trimStart();
  }
  const [program, ...args] = words;
  if (program === undefined) return { kind: "refused", why: "there is no command" };
  if (program.includes("=")) return { kind: "refused", why: `${program} is a variable and no program` };
  return { kind: "words", words: [program, ...args] };
}

function refused(rest: string): Words {
  const where = rest.length > 40 ? `${rest.slice(0, 40)}…` : rest;
  return { kind: "refused", why: `only plain words and simple quotes are understood, not: ${where}` };
}
