import { constants } from "node:fs";
import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Channel, ChannelCheck, Parcel, Place, Recent, Sending } from "../../ports/channel.ts";
import { addition, markersOf, newPage, type Section, spanOf, withoutSection, withSection } from "./page.ts";

/** A page of Markdown in a folder, named after the channel: the newest at the end, and edited where it stands. */
export function fileChannel({ folder, name }: { folder: string; name: string }): Channel {
  const file = `${name.replace(/[^\w.#-]+/g, "-")}.md`;
  const path = join(folder, file);
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: two that change a page at once would lose one of the changes. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function put(section: Section, act: "send" | "edit"): Promise<Sending> {
    const page = await readPage(path);
    const isThere = page !== undefined && spanOf(page, section.marker) !== undefined;
    if (act === "edit" && !isThere) return { kind: "gone", why: `it was removed from ${file}` };
    if (page === undefined) await replacePage(path, withSection(newPage(name), section));
    else if (isThere) await replacePage(path, withSection(page, section));
    else await append(path, addition(section, page.at(-1) ?? ""));
    return { kind: "sent", place: { file, marker: section.marker } };
  }

  async function take(place: Place): Promise<Sending> {
    const page = await readPage(path);
    const marker = place["marker"] ?? "";
    if (page !== undefined && spanOf(page, marker)) await replacePage(path, withoutSection(page, marker));
    return { kind: "sent", place };
  }

  async function look(): Promise<Recent> {
    const page = (await readPage(path)) ?? "";
    const posts = markersOf(page).map(({ marker, at, words }) => ({ place: { file, marker }, at, words }));
    return { kind: "seen", posts, reaches: (place) => place["file"] === file };
  }

  return {
    takes: "page",
    memory: "findable",
    send: (parcel) => inTurn(() => put(sectionOf(parcel), "send")).catch(notWritten),
    edit: (place, parcel) =>
      inTurn(() => put({ ...sectionOf(parcel), marker: place["marker"] ?? parcel.marker }, "edit")).catch(
        notWritten,
      ),
    remove: (place) => inTurn(() => take(place)).catch(notWritten),
    async find({ marker }) {
      try {
        const page = await readPage(path);
        const isThere = page !== undefined && spanOf(page, marker)?.isWhole === true;
        return isThere ? { kind: "found", place: { file, marker } } : { kind: "absent" };
      } catch (error) {
        return { kind: "unknown", why: reason(error) };
      }
    },
    recent: () => inTurn(look).catch((error: unknown) => ({ kind: "unknown", why: reason(error) })),
    check: async () => [await checkFolder(folder, file)],
  };
}

function sectionOf({ message, marker }: Parcel): Section {
  if (message.kind !== "page") throw new TypeError(`a page takes no ${message.kind} message`);
  return { marker, markdown: message.markdown };
}

async function readPage(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** On the disk when it resolves. What had no room of it is taken back. */
async function append(path: string, text: string): Promise<void> {
  await using file = await open(path, "a", 0o600);
  const { size } = await file.stat();
  try {
    await file.appendFile(text);
    await file.sync();
  } catch (error) {
    await file.truncate(size).catch(() => undefined);
    throw error;
  }
}

async function replacePage(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  try {
    await writeDraft(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await using folder = await open(dirname(path), "r");
  await folder.sync();
}

async function writeDraft(path: string, text: string): Promise<void> {
  await using file = await open(path, "w", 0o600);
  await file.writeFile(text);
  await file.sync();
}

async function checkFolder(folder: string, file: string): Promise<ChannelCheck> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
    return { ok: true, what: `${join(folder, file)} can be written` };
  } catch (error) {
    const hint = "Look at the folder's owner and permissions, and at the disk.";
    return { ok: false, what: `${folder} cannot be written: ${reason(error)}`, hint };
  }
}

function notWritten(error: unknown): Sending {
  if (error instanceof TypeError) throw error;
  return { kind: "refused", code: codeOf(error) ?? "NOT_WRITTEN", why: reason(error) };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
