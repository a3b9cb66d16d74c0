import { z } from "zod";

import type { Offer, Price, Server, Snapshot } from "../../../ports/server-provider.ts";
import { tag } from "../ownership.ts";
import type { Page } from "../pages.ts";

/** Hetzner writes money as text, with and without taxes. */
const money = z.object({ net: z.string().transform(Number).pipe(z.number()) });
const placePrice = z.object({ location: z.string(), price_hourly: money, price_monthly: money });
const labels = z.record(z.string(), z.string());
const place = z.object({ name: z.string() });

export const serverType = z.object({
  name: z.string(),
  cores: z.number(),
  /** In GB. */
  memory: z.number(),
  disk: z.number(),
  architecture: z.string().optional(),
  deprecated: z.boolean().nullish(),
  prices: z.array(placePrice),
  /** Newer than `prices`, which names places that have run out too. */
  locations: z
    .array(
      z.object({ name: z.string(), available: z.boolean().optional(), deprecation: z.unknown().nullish() }),
    )
    .optional(),
});
export type ServerType = z.infer<typeof serverType>;

export const server = z.object({
  id: z.number().int(),
  name: z.string(),
  status: z.string(),
  created: z.string(),
  labels,
  /** Since July 2026; before that the place was inside of the data centre. */
  location: place.optional(),
  datacenter: z.object({ location: place }).optional(),
  server_type: z.object({ name: z.string(), prices: z.array(placePrice) }),
  image: z
    .object({ id: z.number(), name: z.string().nullish(), description: z.string().optional() })
    .nullish(),
  public_net: z.object({ ipv4: z.object({ ip: z.string() }).nullish() }),
});
export type HetznerServer = z.infer<typeof server>;

export const sshKey = z.object({ id: z.number().int(), public_key: z.string() });

export const image = z.object({
  id: z.number().int(),
  description: z.string(),
  created: z.string(),
  image_size: z.number().nullable(),
  created_from: z.object({ id: z.number() }).nullable(),
});
export type Image = z.infer<typeof image>;

export const firewall = z.object({
  id: z.number().int(),
  name: z.string(),
  rules: z.array(
    z.object({
      direction: z.string(),
      protocol: z.string(),
      port: z.string().nullish(),
      source_ips: z.array(z.string()).optional(),
    }),
  ),
  applied_to: z.array(
    z.object({ type: z.string(), label_selector: z.object({ selector: z.string() }).nullish() }),
  ),
});
export type Firewall = z.infer<typeof firewall>;

export const pricing = z.object({
  pricing: z.object({
    image: z.object({ price_per_gb_month: money }),
    primary_ips: z.array(z.object({ type: z.string(), prices: z.array(placePrice) })),
  }),
});
export type Pricing = z.infer<typeof pricing>["pricing"];

const following = z.object({
  meta: z.object({ pagination: z.object({ next_page: z.number().nullable() }) }).optional(),
});

/** A page of a list, whose items are in the field of this name. */
export function pageOf<Item>(field: string, item: z.ZodType<Item>): z.ZodType<Page<Item>> {
  return z.intersection(z.object({ [field]: z.array(item) }), following).transform((page) => ({
    items: page[field] ?? [],
    more: (page.meta?.pagination.next_page ?? null) !== null,
  }));
}

const states: Record<string, Server["state"]> = {
  initializing: "starting",
  starting: "starting",
  running: "active",
  deleting: "gone",
};

export function serverOf(found: HetznerServer): Server {
  const region = found.location?.name ?? found.datacenter?.location.name ?? "unknown";
  const address = found.public_net.ipv4?.ip;
  const price = priceIn(region, found.server_type.prices);
  return {
    id: String(found.id),
    name: found.name,
    state: states[found.status] ?? "off",
    ours: found.labels[tag] === "true",
    ...(address !== undefined && { address }),
    region,
    size: found.server_type.name,
    image: found.image?.name ?? found.image?.description ?? "unknown",
    createdAt: found.created,
    ...(price && { price }),
  };
}

/** An offer has one price: where a size costs differently in some places, it is several offers. */
export function offersOf(types: readonly ServerType[], { primary_ips }: Pricing): Offer[] {
  const addresses = primary_ips.find(({ type }) => type === "ipv4")?.prices ?? [];
  return types
    .filter(({ deprecated }) => deprecated !== true)
    .flatMap((type) => {
      const regions = type.prices.map(({ location }) => location).filter((name) => isOpen(type, name));
      const priced = regions.map((region) => ({ region, price: withAddress(region, type, addresses) }));
      const groups = Map.groupBy(priced, ({ price }) => price.monthly).values();
      return [...groups].flatMap((same) =>
        same.slice(0, 1).map(({ price }) => ({
          size: type.name,
          cpus: type.cores,
          memoryMb: type.memory * 1024,
          diskGb: type.disk,
          price,
          regions: same.map(({ region }) => region),
        })),
      );
    });
}

function isOpen({ locations }: ServerType, region: string): boolean {
  if (!locations) return true;
  return locations.some(({ name, available }) => name === region && available !== false);
}

/** A public IPv4 address is billed beside the server; without one nobody reaches it from most places. */
function withAddress(
  region: string,
  { prices }: ServerType,
  addresses: readonly z.infer<typeof placePrice>[],
): Price {
  const [own, address] = [priceIn(region, prices), priceIn(region, addresses)];
  return {
    monthly: (own?.monthly ?? 0) + (address?.monthly ?? 0),
    hourly: (own?.hourly ?? 0) + (address?.hourly ?? 0),
    currency: "EUR",
  };
}

function priceIn(region: string, prices: readonly z.infer<typeof placePrice>[]): Price | undefined {
  const found = prices.find(({ location }) => location === region);
  return found && { monthly: found.price_monthly.net, hourly: found.price_hourly.net, currency: "EUR" };
}

/** Hetzner bills by the hour up to the price of a month; an image has no hourly price, so this is a month's share. */
const hoursAMonth = 730;

export function snapshotOf({ id, description, created, image_size }: Image, pricing: Pricing): Snapshot {
  const sizeGb = image_size ?? 0;
  const monthly = sizeGb * pricing.image.price_per_gb_month.net;
  return {
    id: String(id),
    name: description,
    createdAt: created,
    sizeGb,
    price: { monthly, hourly: monthly / hoursAMonth, currency: "EUR" },
  };
}
