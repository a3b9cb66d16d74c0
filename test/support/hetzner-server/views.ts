import type { CloudAccount, CloudKey, CloudServer, CloudSnapshot } from "../cloud/account.ts";
import type { Answer, Asked } from "../openapi/mock.ts";

const places = [
  { id: 1, name: "fsn1" },
  { id: 2, name: "nbg1" },
  { id: 5, name: "sin" },
];

const money = (net: number) => ({ net: net.toFixed(10), gross: (net * 1.19).toFixed(16) });

/** The further away, the dearer; `sin` has run out of the largest. */
function typeOf(id: number, name: string, cores: number, memory: number, disk: number, monthly: number) {
  const has = (place: string) => place !== "sin" || name !== "cx53";
  return {
    id,
    name,
    description: name.toUpperCase(),
    cores,
    memory,
    disk,
    deprecated: false,
    architecture: "x86",
    storage_type: "local",
    cpu_type: "shared",
    prices: places.map((place) => {
      const price = place.name === "sin" ? monthly * 2 : monthly;
      return { location: place.name, price_hourly: money(price / 625), price_monthly: money(price) };
    }),
    locations: places.map((place) => ({
      ...place,
      available: has(place.name),
      recommended: has(place.name),
      deprecation: null,
    })),
  };
}

export const types = [
  typeOf(114, "cx23", 2, 4, 40, 2.99),
  typeOf(115, "cx33", 4, 8, 80, 4.99),
  typeOf(117, "cx53", 16, 32, 320, 17.49),
  { ...typeOf(1, "cx11", 1, 2, 20, 3.29), deprecated: true },
];

export function isOpen(type: string, place: string): boolean {
  const found = types.find(({ name }) => name === type);
  return found?.locations.some(({ name, available }) => name === place && available) ?? false;
}

const images = ["ubuntu-24.04", "debian-12", "debian-13"];
export const isImage = (name: unknown) => images.some((known) => known === name);

function imageView(id: number, more: object) {
  return {
    id,
    type: "system",
    status: "available",
    name: null,
    description: "",
    image_size: null,
    disk_size: 5,
    created: "2026-04-25T00:00:00+00:00",
    created_from: null,
    bound_to: null,
    os_flavor: "ubuntu",
    os_version: "24.04",
    protection: { delete: false },
    deprecated: null,
    deleted: null,
    labels: {},
    ...more,
  };
}

export function serverView(server: CloudServer) {
  const type = types.find(({ name }) => name === server.size)!;
  const { locations: _, architecture: __, ...server_type } = type;
  return {
    id: server.id,
    name: server.name,
    status: server.state === "active" ? "running" : "initializing",
    created: server.createdAt,
    // Hetzner shows the address before the server answers; the fake has it only then.
    public_net: {
      ipv4:
        server.state === "active" ? { id: 9, ip: server.address!, blocked: false, dns_ptr: "x.test" } : null,
      ipv6: null,
      floating_ips: [],
    },
    private_net: [],
    server_type,
    location: places.find(({ name }) => name === server.region)!,
    image: imageView(161_547_269, { name: server.image, description: server.image }),
    iso: null,
    rescue_enabled: false,
    locked: false,
    backup_window: null,
    outgoing_traffic: null,
    ingoing_traffic: null,
    included_traffic: 20e12,
    protection: { delete: false, rebuild: false },
    labels: Object.fromEntries(server.tags.map((tag) => [tag, "true"])),
    primary_disk_size: type.disk,
  };
}

export function keyView({ id, name, publicKey }: CloudKey) {
  const fingerprint = "b7:2f:30:a0:2f:6c:58:6c:21:04:58:61:ba:06:3b:2f";
  return { id, name, public_key: publicKey, fingerprint, labels: {}, created: "2026-11-21T10:00:00+00:00" };
}

export function snapshotView({ id, server, name, createdAt, sizeGb }: CloudSnapshot) {
  return imageView(id, {
    type: "snapshot",
    description: name,
    image_size: sizeGb,
    created: createdAt,
    created_from: { id: server, name: "main" },
  });
}

export function actionView(account: CloudAccount, command: string, resource: number) {
  return {
    id: account.nextId(),
    command,
    status: "running",
    progress: 0,
    started: account.nextTime(),
    finished: null,
    resources: [{ id: resource, type: "server" }],
    error: null,
  };
}

export const pricing = {
  currency: "EUR",
  vat_rate: "19.00",
  image: { price_per_gb_month: money(0.011) },
  floating_ip: { price_monthly: money(3) },
  floating_ips: [],
  traffic: { price_per_tb: money(1) },
  server_backup: { percentage: "20.00" },
  volume: { price_per_gb_month: money(0.044) },
  server_types: [],
  load_balancer_types: [],
  primary_ips: [
    {
      type: "ipv4",
      prices: places.map(({ name }) => ({
        location: name,
        price_hourly: money(0.0008),
        price_monthly: money(0.5),
      })),
    },
  ],
};

/** A page of twenty-five where no other size is asked for. */
export function page(field: string, all: readonly unknown[], { query }: Asked): Answer {
  const per_page = Number(query.get("per_page") ?? 25);
  const number = Number(query.get("page") ?? 1);
  const last_page = Math.max(1, Math.ceil(all.length / per_page));
  const pagination = {
    page: number,
    per_page,
    previous_page: number > 1 ? number - 1 : null,
    next_page: number < last_page ? number + 1 : null,
    last_page,
    total_entries: all.length,
  };
  const items = all.slice((number - 1) * per_page, number * per_page);
  return { status: 200, body: { [field]: items, meta: { pagination } } };
}
