import type { Facts } from "./facts.ts";
import { serverOf } from "./look.ts";
import { priceText } from "./price-text.ts";
import type { Progress } from "./progress.ts";
import { quoted } from "./shell.ts";
import type { Wanted } from "./wanted.ts";

/** What a run that ended too early leaves, and how it is removed; nothing where it changed nothing and nothing exists. */
export function leftBehind(
  done: readonly string[],
  { cloud }: Facts,
  wanted: Wanted,
): Extract<Progress, { event: "left" }> | undefined {
  const server = cloud && serverOf(cloud);
  if (done.length === 0 && !server) return undefined;
  const price = server?.price;
  return {
    event: "left",
    done: [...done],
    exists: server
      ? `server ${server.name} (${server.size}, ${server.region})${price ? `, ${priceText(price)}` : ""}`
      : "no server of ours, nothing that costs anything",
    ...(price && { price }),
    remove: removeCommand(wanted),
  };
}

/** The command that removes the worker, as it can be pasted into a shell. */
export function removeCommand({ name, target }: Wanted): string {
  if (target.kind === "cloud")
    return `provision-worker ${plain(name)} --provider ${target.provider} --destroy`;
  const { user, address, port } = target;
  const at = `${user}@${address.includes(":") ? `[${address}]` : address}${port === 22 ? "" : `:${port}`}`;
  return `provision-worker ${plain(name)} --host ${plain(at)} --destroy`;
}

function plain(word: string): string {
  return /^[\w@.:[\]-]+$/.test(word) && !word.startsWith("-") ? word : quoted(word);
}
