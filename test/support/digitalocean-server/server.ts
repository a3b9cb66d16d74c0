import { CloudAccount, type CloudHooks, type CloudServer } from "../cloud/account.ts";
import type { Asked, Operations } from "../openapi/mock.ts";
import { type ServedMock, serveOpenApi } from "../openapi/serve.ts";
import { firewallOperations } from "./firewalls.ts";
import { refusals } from "./refusals.ts";
import { droplet, isImage, page, regions, sizes, snapshot, sshKey } from "./views.ts";

export type DigitalOceanServer = ServedMock & { account: CloudAccount; token: string };

const usual = { region: "nyc3", size: "s-1vcpu-1gb", image: "ubuntu-24-04-x64" };

/** A DigitalOcean on loopback, each request and each answer of which is held to DigitalOcean's own description. */
export async function digitalOceanServer(hooks: CloudHooks = {}): Promise<DigitalOceanServer> {
  const { token = "dop_v1_5ecre7" } = hooks;
  const account = new CloudAccount(usual, hooks);
  const tags = new Set<string>();
  const operations = { ...serverOperations(account, tags), ...firewallOperations(account, tags) };
  const served = await serveOpenApi("digitalocean", operations, {
    refuse: ({ headers }) =>
      headers["authorization"] === `Bearer ${token}` ? undefined : refusals.unauthorized,
  });
  return { ...served, account, token };
}

function serverOperations(account: CloudAccount, tags: Set<string>): Operations {
  const of = ({ path }: Asked) => account.servers.get(Number(path["droplet_id"]));
  const view = (server: CloudServer) => droplet(account.look(server));

  return {
    "GET /v2/account": () => ({
      status: 200,
      body: {
        account: {
          droplet_limit: account.serverLimit,
          floating_ip_limit: 3,
          email: "owner@example.com",
          uuid: "b6fr89dbf6d9156cace5f3c78dc9851d957381ef",
          email_verified: true,
          status: "active",
          status_message: "",
        },
      },
    }),
    "GET /v2/sizes": (asked) => page("sizes", sizes, asked),
    "GET /v2/regions": (asked) => page("regions", regions, asked),

    "GET /v2/account/keys": (asked) => page("ssh_keys", [...account.keys.values()].map(sshKey), asked),
    "POST /v2/account/keys": ({ body }) => {
      const material = (key: string) => key.split(" ").slice(0, 2).join(" ");
      const isTaken = [...account.keys.values()].some(
        ({ publicKey }) => material(publicKey) === material(body.public_key),
      );
      if (isTaken) return refusals.keyTaken;
      return { status: 201, body: { ssh_key: sshKey(account.addKey(body.name, body.public_key)) } };
    },
    "DELETE /v2/account/keys/{ssh_key_identifier}": ({ path }) =>
      account.keys.delete(Number(path["ssh_key_identifier"])) ? { status: 204 } : refusals.notFound,

    "GET /v2/droplets": (asked) => {
      const [name, tag] = [asked.query.get("name")?.toLowerCase(), asked.query.get("tag_name")];
      const found = [...account.servers.values()]
        .filter((server) => name === undefined || server.name.toLowerCase() === name)
        .filter((server) => tag === null || server.tags.includes(tag));
      return page("droplets", found.map(view), asked);
    },
    "POST /v2/droplets": ({ body }) => {
      const size = sizes.find(({ slug }) => slug === body.size);
      const region = regions.find(({ slug }) => slug === body.region);
      if (account.servers.size >= account.serverLimit) return refusals.limit;
      if (!/^[a-zA-Z0-9.-]+$/.test(body.name)) return refusals.name;
      if (!isImage(body.image)) return refusals.image;
      if (!region?.available) return refusals.region;
      if (!size || !region.sizes.includes(size.slug)) return refusals.size;
      for (const tag of body.tags ?? []) tags.add(tag);
      const order = {
        name: body.name,
        region: region.slug,
        size: size.slug,
        image: body.image,
        userData: body.user_data ?? "",
        publicKeys: account.keyTexts(body.ssh_keys ?? []),
      };
      const made = account.create(order, body.tags ?? []);
      const links = {
        actions: [{ id: account.nextId(), rel: "create", href: "https://api.digitalocean.com/v2/actions/1" }],
      };
      return { status: 202, body: { droplet: droplet(made), links } };
    },
    "GET /v2/droplets/{droplet_id}": (asked) => {
      const server = of(asked);
      return server ? { status: 200, body: { droplet: view(server) } } : refusals.notFound;
    },
    "DELETE /v2/droplets/{droplet_id}": async (asked) => {
      const server = of(asked);
      if (!server) return refusals.notFound;
      await account.destroy(server);
      return { status: 204 };
    },

    "GET /v2/droplets/{droplet_id}/snapshots": (asked) => {
      const server = of(asked);
      if (!server) return refusals.notFound;
      const own = account.snapshots.filter((one) => one.server === server.id);
      return page("snapshots", own.map(snapshot), asked);
    },
    "POST /v2/droplets/{droplet_id}/actions": (asked) => {
      const server = of(asked);
      if (!server) return refusals.notFound;
      const { id, createdAt } = account.addSnapshot(server.id, asked.body.name);
      const region = regions.find(({ slug }) => slug === server.region)!;
      const action = {
        id,
        status: "in-progress",
        type: asked.body.type,
        started_at: createdAt,
        completed_at: null,
        resource_id: server.id,
        resource_type: "droplet",
        region,
        region_slug: region.slug,
      };
      return { status: 201, body: { action } };
    },
  };
}
