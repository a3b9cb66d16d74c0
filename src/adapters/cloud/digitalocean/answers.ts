import { z } from "zod";

import type { Offer, Price, Server, Snapshot } from "../../../ports/server-provider.ts";
import { tag } from "../ownership.ts";
import type { Page } from "../pages.ts";

const size = z.object({
  slug: z.string(),
  available: z.boolean(),
  memory: z.number(),
  vcpus: z.number(),
  disk: z.number(),
  price_monthly: z.number(),
  price_hourly: z.number(),
  regions: z.array(z.string()),
});
export type Size = z.infer<typeof size>;

const region = z.object({ slug: z.string(), available: z.boolean(), sizes: z.array(z.string()) });
export type Region = z.infer<typeof region>;

export const droplet = z.object({
  id: z.number().int(),
  name: z.string(),
  status: z.enum(["new", "active", "off", "archive"]),
  created_at: z.string(),
  tags: z.array(z.string()),
  region: z.object({ slug: z.string() }),
  size_slug: z.string(),
  size: size.pick({ price_monthly: true, price_hourly: true }).nullish(),
  image: z
    .object({ id: z.number().optional(), slug: z.string().nullish(), name: z.string().optional() })
    .nullish(),
  networks: z.object({ v4: z.array(z.object({ ip_address: z.string(), type: z.string() })).optional() }),
});
export type Droplet = z.infer<typeof droplet>;

export const sshKey = z.object({ id: z.number().int(), public_key: z.string() });

const firewallRule = z.object({
  protocol: z.string(),
  ports: z.string().optional(),
  sources: z.object({ addresses: z.array(z.string()).nullish() }),
});

export const firewall = z.object({
  id: z.string(),
  name: z.string(),
  tags: z.array(z.string()).nullish(),
  inbound_rules: z.array(firewallRule).nullish(),
});
export type Firewall = z.infer<typeof firewall>;

const snapshot = z.object({
  id: z.union([z.number(), z.string()]),
  name: z.string(),
  created_at: z.string(),
  size_gigabytes: z.number(),
});
export type SnapshotAnswer = z.infer<typeof snapshot>;

export const account = z.object({
  droplet_limit: z.number(),
  email_verified: z.boolean(),
  status: z.string(),
  status_message: z.string(),
});

/** What lists have, by the field of the answer that they are in. */
export const listed = {
  sizes: size,
  regions: region,
  droplets: droplet,
  ssh_keys: sshKey,
  firewalls: firewall,
  snapshots: snapshot,
} as const;

const following = z.object({
  links: z.object({ pages: z.object({ next: z.string().optional() }).optional() }).optional(),
});

/** A page of a list, whose items are in the field of this name. */
export function pageOf<Item>(field: string, item: z.ZodType<Item>): z.ZodType<Page<Item>> {
  return z
    .intersection(z.object({ [field]: z.array(item) }), following)
    .transform((page) => ({ items: page[field] ?? [], more: page.links?.pages?.next !== undefined }));
}

export const dropletCount = z.object({ meta: z.object({ total: z.number().int() }) });

export function serverOf({ id, name, status, ...rest }: Droplet): Server {
  const address = rest.networks.v4?.find(({ type }) => type === "public")?.ip_address;
  return {
    id: String(id),
    name,
    state: ({ new: "starting", active: "active", off: "off", archive: "gone" } as const)[status],
    ours: rest.tags.includes(tag),
    ...(address !== undefined && { address }),
    region: rest.region.slug,
    size: rest.size_slug,
    image: rest.image?.slug ?? rest.image?.name ?? String(rest.image?.id ?? "unknown"),
    createdAt: rest.created_at,
    ...(rest.size && { price: priceOf(rest.size) }),
  };
}

/** A region that is closed, or that has run out of a size, offers nothing of it. */
export function offersOf(sizes: readonly Size[], regions: readonly Region[]): Offer[] {
  return sizes
    .filter(({ available }) => available)
    .map((offered) => ({
      size: offered.slug,
      cpus: offered.vcpus,
      memoryMb: offered.memory,
      diskGb: offered.disk,
      price: priceOf(offered),
      regions: regions
        .filter(
          ({ slug, available, sizes: has }) =>
            available && has.includes(offered.slug) && offered.regions.includes(slug),
        )
        .map(({ slug }) => slug),
    }));
}

function priceOf(size: Pick<Size, "price_monthly" | "price_hourly">): Price {
  return { monthly: size.price_monthly, hourly: size.price_hourly, currency: "USD" };
}

/** Dollars for a gigabyte a month, by DigitalOcean's price list: its API does not tell. */
const snapshotGbPrice = 0.06;
/** DigitalOcean's month, in which an hourly price adds up to the monthly one. */
const hoursAMonth = 672;

export function snapshotOf({ id, name, created_at, size_gigabytes }: SnapshotAnswer): Snapshot {
  const monthly = size_gigabytes * snapshotGbPrice;
  return {
    id: String(id),
    name,
    createdAt: created_at,
    sizeGb: size_gigabytes,
    price: { monthly, hourly: monthly / hoursAMonth, currency: "USD" },
  };
}
