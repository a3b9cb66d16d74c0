import type { Answer, Asked } from "../openapi/mock.ts";
import type { CloudKey, CloudServer, CloudSnapshot } from "../cloud/account.ts";

const everywhere = ["nyc1", "nyc3", "ams3", "sfo3", "fra1"];

function sizeOf(slug: string, vcpus: number, memory: number, disk: number, monthly: number) {
  return {
    slug,
    vcpus,
    memory,
    disk,
    price_monthly: monthly,
    price_hourly: Number((monthly / 672).toFixed(5)),
    transfer: vcpus,
    available: true,
    regions: everywhere,
    description: "Basic",
  };
}

/** Prices of February 2026; `nyc1` is closed and `sfo3` has run out of the largest. */
export const sizes = [
  sizeOf("s-1vcpu-512mb-10gb", 1, 512, 10, 4),
  sizeOf("s-1vcpu-1gb", 1, 1024, 25, 6),
  sizeOf("s-1vcpu-2gb", 1, 2048, 50, 12),
  sizeOf("s-2vcpu-2gb", 2, 2048, 60, 18),
  sizeOf("s-2vcpu-4gb", 2, 4096, 80, 24),
  sizeOf("s-4vcpu-8gb", 4, 8192, 160, 48),
  ...Array.from({ length: 18 }, (_, n) => sizeOf(`c-${n + 2}`, n + 2, (n + 2) * 2048, 25 * (n + 1), 42 + n)),
];

const slugs = sizes.map(({ slug }) => slug);
export const regions = everywhere.map((slug) => ({
  slug,
  name: slug.toUpperCase(),
  available: slug !== "nyc1",
  features: ["backups", "metadata"],
  sizes: slugs.filter((size) => slug !== "sfo3" || size !== "s-4vcpu-8gb"),
}));

const images = [
  { id: 155_133_621, slug: "ubuntu-24-04-x64", distribution: "Ubuntu", name: "24.04 (LTS) x64" },
  { id: 129_211_873, slug: "debian-12-x64", distribution: "Debian", name: "12 x64" },
  { id: 198_300_115, slug: "debian-13-x64", distribution: "Debian", name: "13 x64" },
];

export function isImage(slug: unknown): boolean {
  return images.some((image) => image.slug === slug);
}

export function droplet(server: CloudServer) {
  const size = sizes.find(({ slug }) => slug === server.size)!;
  const image = images.find(({ slug }) => slug === server.image)!;
  const isActive = server.state === "active";
  return {
    id: server.id,
    name: server.name,
    memory: size.memory,
    vcpus: size.vcpus,
    disk: size.disk,
    locked: !isActive,
    status: isActive ? "active" : "new",
    created_at: server.createdAt,
    features: ["droplet_agent"],
    backup_ids: [],
    next_backup_window: null,
    snapshot_ids: [],
    image: {
      ...image,
      public: true,
      regions: ["nyc1", "nyc3", "ams3", "sfo3", "fra1"],
      created_at: "2026-04-25T00:00:00Z",
      min_disk_size: 7,
      type: "base",
      size_gigabytes: 0.6,
      description: "",
      tags: [],
      status: "available",
    },
    volume_ids: [],
    size,
    size_slug: size.slug,
    networks: { v4: isActive ? networks(server.address!) : [], v6: [] },
    region: regions.find(({ slug }) => slug === server.region)!,
    tags: server.tags,
    vpc_uuid: "5a4981aa-9653-4bd1-bef5-d6bff52042e4",
  };
}

/** The private network is told first: whoever takes the first address is wrong. */
function networks(address: string) {
  const network = { netmask: "255.255.240.0" };
  return [
    { ...network, ip_address: "10.132.0.2", gateway: "10.132.0.1", type: "private" },
    { ...network, ip_address: address, gateway: "203.0.113.1", type: "public" },
  ];
}

export function sshKey({ id, name, publicKey }: CloudKey) {
  return { id, name, public_key: publicKey, fingerprint: "3b:16:bf:e4:8b:00:8b:b8:59:8c:a9:d3:f0:19:45:fa" };
}

export function snapshot({ id, name, createdAt, sizeGb }: CloudSnapshot) {
  const min_disk_size = 50;
  return {
    id,
    name,
    created_at: createdAt,
    regions: ["nyc3"],
    size_gigabytes: sizeGb,
    min_disk_size,
    type: "snapshot",
  };
}

/** A page of twenty where no other size is asked for, with links only to pages that are there. */
export function page(field: string, all: readonly unknown[], { query, operation }: Asked): Answer {
  const perPage = Number(query.get("per_page") ?? 20);
  const number = Number(query.get("page") ?? 1);
  const items = all.slice((number - 1) * perPage, number * perPage);
  const path = operation.replace("GET ", "");
  const link = (to: number) => `https://api.digitalocean.com${path}?page=${to}&per_page=${perPage}`;
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const pages = {
    ...(number < last && { last: link(last), next: link(number + 1) }),
    ...(number > 1 && { first: link(1), prev: link(number - 1) }),
  };
  return { status: 200, body: { [field]: items, links: { pages }, meta: { total: all.length } } };
}
