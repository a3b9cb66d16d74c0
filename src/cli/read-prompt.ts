import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { Fault } from "../fault.ts";
import type { World } from "../wire/world.ts";

/** The prompt from the command line, from a file, or from standard input where either of them is `-`. */
export async function readPrompt(world: World, words: string[], file: string | undefined): Promise<string> {
  if (words.length > 0 && file !== undefined) {
    throw usage("The prompt is given twice, as text and by --file", "Keep one of them.");
  }
  const text = await textOf(world, words, file);
  if (text.trim() === "") {
    throw usage(
      "The prompt is empty",
      'Say what is to be done: `pawl submit "..."`, `--file prompt.md`, or `-`.',
    );
  }
  return text;
}

async function textOf(world: World, words: string[], file: string | undefined): Promise<string> {
  if (file === "-" || (words.length === 1 && words[0] === "-")) return world.input.text();
  if (words.length > 0) return words.join(" ");
  if (file === undefined) return "";
  const path = resolve(world.around.cwd, file);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new Fault("FILE_NOT_FOUND", `${path} cannot be read: ${(error as Error).message}`, {
      hint: "Correct what follows --file.",
      cause: error,
    });
  }
}

function usage(message: string, hint: string): Fault {
  return new Fault("USAGE", message, { hint });
}
