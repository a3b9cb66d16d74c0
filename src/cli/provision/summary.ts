import type { Facts } from "../../../provision/facts.ts";
import { removeCommand } from "../../../provision/left-behind.ts";
import { serverOf } from "../../../provision/look.ts";
import { places } from "../../../provision/places.ts";
import { priceText } from "../../../provision/price-text.ts";
import type { Wanted } from "../../../provision/wanted.ts";
import { tookText } from "./words.ts";

/** What a run came to: what exists now and costs how much, what to type next, and what removes it all. */
export function summary(
  { changed, right, ms }: { changed: number; right: number; ms: number },
  { facts, wanted }: { facts: Facts; wanted: Wanted },
): string {
  return [
    "",
    `${changed} changed, ${right} already right, ${tookText(ms)}`,
    "",
    exists(facts, wanted),
    ...next(facts, wanted),
    `Remove:  ${removeCommand(wanted)}`,
  ].join("\n");
}

function exists({ cloud }: Facts, { name, target }: Wanted): string {
  if (target.kind === "host") return `${name} is the machine ${target.address}, which costs nothing here.`;
  const server = cloud && serverOf(cloud);
  if (!server) return `There is no server ${name}.`;
  const price = server.price ? `costs ${priceText(server.price)}` : "is paid for";
  return `The server ${name} (${server.region}, ${server.size}) at ${server.address ?? "no address yet"} ${price} until it is removed.`;
}

function next({ machine }: Facts, { name }: Wanted): string[] {
  const isRunning = machine?.units[places.worker]?.active === "active";
  return [
    ...(isRunning
      ? []
      : [`Next:    provision-worker ${name} --start    the worker is installed and not started`]),
    `${isRunning ? "Next:   " : "        "} worker-status ${name}`,
  ];
}
