import { z } from "zod";

import { readPublicKey } from "../../../format/ssh-key.ts";
import type { ServerProvider } from "../../../ports/server-provider.ts";
import type { ProviderOptions } from "../access.ts";
import { cloudCalls } from "../cloud-calls.ts";
import { foreignServer, tag } from "../ownership.ts";
import { allPages } from "../pages.ts";
import {
  image,
  offersOf,
  pageOf,
  pricing,
  server,
  serverOf,
  serverType,
  snapshotOf,
  sshKey,
} from "./answers.ts";
import { manners } from "./manners.ts";
import { sshFirewall } from "./ssh-firewall.ts";
import { type Request, asking } from "./transport.ts";

const serverAnswer = z.object({ server });

/** Hetzner Cloud, which has labels where DigitalOcean has tags, and whose API needs no library. */
export function hetzner({ timeoutMs = 15_000, clock, chance, ...access }: ProviderOptions): ServerProvider {
  const calls = cloudCalls(manners, { token: access.token, clock, chance });
  const ask = (path: string, request?: Request) => asking({ ...access, timeoutMs }, path, request);

  function list<Item>(
    task: string,
    path: string,
    item: z.ZodType<Item>,
    filter: Record<string, string> = {},
  ): Promise<Item[]> {
    const schema = pageOf(path.slice(1), item);
    return allPages((page) =>
      calls.read(task, ask(path, { query: { ...filter, per_page: 50, page } }), schema),
    );
  }

  const prices = async () => (await calls.read("look at the prices", ask("/pricing"), pricing)).pricing;

  async function get(id: string) {
    if (!isNumber(id)) return undefined;
    const found = await calls.find(`look at server ${id}`, ask(`/servers/${id}`), serverAnswer);
    return found && serverOf(found.server);
  }

  return {
    name: manners.provider,
    needs: `${manners.tokenVariable}, a token with ${manners.scopes}`,

    async account() {
      const page = await list("count the servers", "/servers", server);
      return { servers: page.length };
    },

    async offers() {
      const [types, money] = await Promise.all([
        list("list the sizes", "/server_types", serverType),
        prices(),
      ]);
      return offersOf(types, money);
    },

    async find(name) {
      const found = await list(`look for ${JSON.stringify(name)}`, "/servers", server, { name });
      return found.map(serverOf).filter((one) => one.name.toLowerCase() === name.toLowerCase());
    },

    get,

    async ours() {
      const found = await list("list our servers", "/servers", server, { label_selector: `${tag}=true` });
      return found.map(serverOf).filter(({ ours }) => ours);
    },

    async create({ name, region, size, image: wanted, keys, userData }) {
      const order = ask("/servers", {
        method: "POST",
        body: {
          name,
          location: region,
          server_type: size,
          image: wanted,
          ssh_keys: [...keys],
          user_data: userData,
          labels: { [tag]: "true" },
        },
      });
      const made = await calls.write(`create server ${JSON.stringify(name)}`, order, serverAnswer);
      return serverOf(made.server);
    },

    async destroy(id) {
      const found = await get(id);
      if (!found) return false;
      if (!found.ours) throw foreignServer(manners.provider, found);
      return calls.remove(`destroy server ${id}`, ask(`/servers/${id}`, { method: "DELETE" }));
    },

    async findKey(publicKey) {
      const wanted = readPublicKey(publicKey)?.blob;
      const keys = await list("list the ssh keys", "/ssh_keys", sshKey);
      const same = keys.find((key) => wanted && readPublicKey(key.public_key)?.blob.equals(wanted));
      return same && String(same.id);
    },

    async addKey(name, publicKey) {
      const add = ask("/ssh_keys", { method: "POST", body: { name, public_key: publicKey } });
      return String((await calls.write("add the ssh key", add, z.object({ ssh_key: sshKey }))).ssh_key.id);
    },

    async removeKey(id) {
      if (!isNumber(id)) return false;
      return calls.remove(`remove ssh key ${id}`, ask(`/ssh_keys/${id}`, { method: "DELETE" }));
    },

    ...sshFirewall({ calls, ask, list }),

    async snapshots(serverId) {
      const [images, price] = await Promise.all([
        list("list the snapshots", "/images", image, { type: "snapshot" }),
        prices(),
      ]);
      const own = images.filter(({ created_from }) => String(created_from?.id) === serverId);
      return own.map((one) => snapshotOf(one, price));
    },

    async snapshot(serverId, name) {
      const path = `/servers/${isNumber(serverId) ? serverId : 0}/actions/create_image`;
      const take = ask(path, { method: "POST", body: { type: "snapshot", description: name } });
      await calls.write(`take a snapshot of server ${serverId}`, take, z.object({ image }));
    },
  };
}

/** Anything else in a path would be another address. */
function isNumber(id: string): boolean {
  return /^[1-9]\d{0,15}$/.test(id);
}
