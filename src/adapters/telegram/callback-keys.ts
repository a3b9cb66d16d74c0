import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

import * as z from "zod";

import { diskFault, Fault } from "../../fault.ts";

export type KeyPair = { current: Uint8Array; previous?: Uint8Array };

const Secret = z.base64().transform((text, context) => {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 32) context.addIssue("a key has 32 bytes");
  return bytes;
});

const KeyFile = z.strictObject({ v: z.literal(1), current: Secret, previous: Secret.optional() });

/** The keys that sign buttons, for main's eyes only; made when there are none yet. */
export async function openCallbackKeys(path: string): Promise<KeyPair> {
  const keys = await readKeys(path);
  if (keys) return keys;
  const draft = await writeDraft(path, { current: randomBytes(32) });
  try {
    // A link does not replace: of two who begin at once, both go on with the keys of the first.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw diskFault(path, error);
  } finally {
    await rm(draft, { force: true });
  }
  return (await readKeys(path)) ?? openCallbackKeys(path);
}

/** New keys; buttons drawn with the old ones go on counting until the next change. */
export async function changeCallbackKeys(path: string): Promise<KeyPair> {
  const { current: previous } = await openCallbackKeys(path);
  const keys = { current: randomBytes(32), previous };
  await rename(await writeDraft(path, keys), path);
  return keys;
}

async function readKeys(path: string): Promise<KeyPair | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const read = KeyFile.safeParse(parsed(text));
  if (read.success) {
    const { current, previous } = read.data;
    return previous ? { current, previous } : { current };
  }
  // Without a cause: it would quote the secret.
  throw new Fault("SPOOL_BROKEN", `${path} does not hold the keys that sign buttons`, {
    hint: "Remove it: new keys are made, and buttons drawn until now have to be asked for again with `pawl inbox`.",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function writeDraft(path: string, { current, previous }: KeyPair): Promise<string> {
  const draft = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.new`;
  const encoded = { v: 1, current: base64(current), ...(previous && { previous: base64(previous) }) };
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await using file = await open(draft, "wx", 0o600);
    await file.writeFile(`${JSON.stringify(encoded)}\n`);
    await file.sync();
  } catch (error) {
    throw diskFault(path, error);
  }
  return draft;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
