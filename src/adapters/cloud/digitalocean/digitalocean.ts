import { z } from "zod";

import { readPublicKey } from "../../../format/ssh-key.ts";
import type { Account, ServerProvider } from "../../../ports/server-provider.ts";
import type { ProviderOptions } from "../access.ts";
import { cloudCalls } from "../cloud-calls.ts";
import { foreignServer, tag } from "../ownership.ts";
import { allPages } from "../pages.ts";
import {
  account,
  droplet,
  dropletCount,
  listed,
  offersOf,
  pageOf,
  serverOf,
  snapshotOf,
  sshKey,
} from "./answers.ts";
import { manners } from "./manners.ts";
import { sshFirewall } from "./ssh-firewall.ts";
import { type Transport, asking, getting, library } from "./transport.ts";

/** DigitalOcean by digitalocean-js, each of whose gaps is filled here or in transport.ts. */
export function digitalOcean(options: ProviderOptions): ServerProvider {
  const { timeoutMs = 15_000, clock, chance, ...access } = options;
  const transport: Transport = { ...access, timeoutMs };
  const calls = cloudCalls(manners, { token: access.token, clock, chance });
  const ask = (call: () => Promise<unknown>) => asking(transport, call);

  function list<Field extends keyof typeof listed>(
    task: string,
    path: string,
    field: Field,
    filter: Record<string, string> = {},
  ): Promise<z.infer<(typeof listed)[Field]>[]> {
    const schema = pageOf<z.infer<(typeof listed)[Field]>>(field, listed[field] as never);
    return allPages((page) => {
      const ask = getting(transport, path, { ...filter, per_page: 200, page });
      return calls.read(task, ask, schema);
    });
  }

  async function get(id: string) {
    if (!isNumber(id)) return undefined;
    const call = ask(() => library.droplets.getExistingDroplet(Number(id)));
    const found = await calls.find(`look at server ${id}`, call, droplet);
    return found && serverOf(found);
  }

  return {
    name: manners.provider,
    needs: `${manners.tokenVariable}, a token with ${manners.scopes}`,

    async account() {
      const whose = ask(() => library.account.getUserInformation());
      const [told, { meta }] = await Promise.all([
        calls.read("look at the account", whose, account),
        calls.read("count the servers", getting(transport, "/droplets", { per_page: 1 }), dropletCount),
      ]);
      return accountOf(told, meta.total);
    },

    async offers() {
      const [sizes, regions] = await Promise.all([
        list("list the sizes", "/sizes", "sizes"),
        list("list the regions", "/regions", "regions"),
      ]);
      return offersOf(sizes, regions);
    },

    async find(name) {
      const found = await list(`look for ${JSON.stringify(name)}`, "/droplets", "droplets", { name });
      const wanted = name.toLowerCase();
      return found.map(serverOf).filter((server) => server.name.toLowerCase() === wanted);
    },

    get,

    async ours() {
      const found = await list("list our servers", "/droplets", "droplets", { tag_name: tag });
      return found.map(serverOf).filter(({ ours }) => ours);
    },

    async create({ name, region, size, image, keys, userData }) {
      const order = ask(() =>
        library.droplets.createNewDroplet({
          name,
          region,
          size,
          image,
          ssh_keys: keys.map((key) => (isNumber(key) ? Number(key) : key)),
          user_data: userData,
          tags: [tag],
        }),
      );
      return serverOf(await calls.write(`create server ${JSON.stringify(name)}`, order, droplet));
    },

    async destroy(id) {
      const server = await get(id);
      if (!server) return false;
      if (!server.ours) throw foreignServer(manners.provider, server);
      return calls.remove(
        `destroy server ${id}`,
        ask(() => library.droplets.deleteDroplet(Number(id))),
      );
    },

    async findKey(publicKey) {
      const wanted = readPublicKey(publicKey)?.blob;
      const keys = await list("list the ssh keys", "/account/keys", "ssh_keys");
      const same = keys.find((key) => wanted && readPublicKey(key.public_key)?.blob.equals(wanted));
      return same && String(same.id);
    },

    async addKey(name, publicKey) {
      const add = ask(() => library.ssh.createNewKey({ name, public_key: publicKey }));
      return String((await calls.write("add the ssh key", add, sshKey)).id);
    },

    async removeKey(id) {
      if (!isNumber(id)) return false;
      return calls.remove(
        `remove ssh key ${id}`,
        ask(() => library.ssh.deleteKey(id)),
      );
    },

    ...sshFirewall({ calls, ask, list: () => list("list the firewalls", "/firewalls", "firewalls") }),

    async snapshots(serverId) {
      if (!(await get(serverId))) return [];
      const found = await list(
        `list snapshots of ${serverId}`,
        `/droplets/${serverId}/snapshots`,
        "snapshots",
      );
      return found.map(snapshotOf);
    },

    async snapshot(serverId, name) {
      const take = ask(() => library.dropletActions.snapshotDroplet(numberOf(serverId), name));
      await calls.write(`take a snapshot of server ${serverId}`, take, z.object({ id: z.number() }));
    },
  };
}

function accountOf(told: z.infer<typeof account>, servers: number): Account {
  const trouble = troubleOf(told);
  return { servers, serverLimit: told.droplet_limit, ...(trouble !== undefined && { trouble }) };
}

function troubleOf({ status, status_message, email_verified }: z.infer<typeof account>): string | undefined {
  if (status === "locked") return `the account is locked: ${status_message}`;
  return email_verified ? undefined : "the account's e-mail address is not verified";
}

/** No droplet has the number 0. */
function numberOf(id: string): number {
  return isNumber(id) ? Number(id) : 0;
}

/** Anything else in a path would be another address. */
function isNumber(id: string): boolean {
  return /^[1-9]\d{0,15}$/.test(id);
}
