import { CloudAccount, type CloudHooks } from "../cloud/account.ts";
import type { Asked, Operations } from "../openapi/mock.ts";
import { type ServedMock, serveOpenApi } from "../openapi/serve.ts";
import { firewallOperations } from "./firewalls.ts";
import { refusals } from "./refusals.ts";
import {
  actionView,
  isImage,
  isOpen,
  keyView,
  page,
  pricing,
  serverView,
  snapshotView,
  types,
} from "./views.ts";

export type HetznerServer = ServedMock & { account: CloudAccount; token: string };

const usual = { region: "fsn1", size: "cx23", image: "ubuntu-24.04" };

/** A Hetzner Cloud on loopback, each request and each answer of which is held to Hetzner's own description. */
export async function hetznerServer(hooks: CloudHooks = {}): Promise<HetznerServer> {
  const { token = "hcloud5ecre7" } = hooks;
  const account = new CloudAccount(usual, hooks);
  const operations = { ...serverOperations(account), ...firewallOperations(account) };
  const served = await serveOpenApi("hetzner", operations, {
    refuse: ({ headers }) =>
      headers["authorization"] === `Bearer ${token}` ? undefined : refusals.unauthorized,
  });
  return { ...served, account, token };
}

function serverOperations(account: CloudAccount): Operations {
  const of = ({ path }: Asked) => account.servers.get(Number(path["id"]));

  return {
    "GET /pricing": () => ({ status: 200, body: { pricing } }),
    "GET /server_types": (asked) => page("server_types", types, asked),

    "GET /ssh_keys": (asked) => page("ssh_keys", [...account.keys.values()].map(keyView), asked),
    "POST /ssh_keys": ({ body }) => {
      const material = (key: string) => key.split(" ")[1];
      const isTaken = [...account.keys.values()].some(
        ({ publicKey }) => material(publicKey) === material(body.public_key),
      );
      if (isTaken) return refusals.keyTaken;
      return { status: 201, body: { ssh_key: keyView(account.addKey(body.name, body.public_key)) } };
    },
    "DELETE /ssh_keys/{id}": ({ path }) =>
      account.keys.delete(Number(path["id"])) ? { status: 204 } : refusals.notFound,

    "GET /servers": (asked) => {
      const name = asked.query.get("name");
      const [label, value] = asked.query.get("label_selector")?.split("=") ?? [];
      const found = [...account.servers.values()]
        .filter((server) => name === null || server.name === name)
        .filter(({ tags }) => label === undefined || (value === "true" && tags.includes(label)));
      return page(
        "servers",
        found.map((server) => serverView(account.look(server))),
        asked,
      );
    },
    "POST /servers": ({ body }) => {
      if (account.servers.size >= account.serverLimit) return refusals.limit;
      if ([...account.servers.values()].some(({ name }) => name === body.name)) return refusals.nameTaken;
      if (!isImage(body.image)) return refusals.image;
      if (!isOpen(body.server_type, body.location)) return refusals.soldOut;
      const order = {
        name: body.name,
        region: body.location,
        size: body.server_type,
        image: body.image,
        userData: body.user_data ?? "",
        publicKeys: account.keyTexts(body.ssh_keys ?? []),
      };
      const tags = Object.keys(body.labels ?? {}).filter((label) => body.labels[label] === "true");
      const made = account.create(order, tags);
      const action = actionView(account, "create_server", made.id);
      return {
        status: 201,
        body: { server: serverView(made), action, next_actions: [], root_password: null },
      };
    },
    "GET /servers/{id}": (asked) => {
      const server = of(asked);
      return server ? { status: 200, body: { server: serverView(account.look(server)) } } : refusals.notFound;
    },
    "DELETE /servers/{id}": async (asked) => {
      const server = of(asked);
      if (!server) return refusals.notFound;
      await account.destroy(server);
      return { status: 200, body: { action: actionView(account, "delete_server", server.id) } };
    },

    "GET /images": (asked) => page("images", account.snapshots.map(snapshotView), asked),
    "POST /servers/{id}/actions/create_image": (asked) => {
      const server = of(asked);
      if (!server) return refusals.notFound;
      const image = snapshotView(account.addSnapshot(server.id, asked.body.description));
      return { status: 201, body: { image, action: actionView(account, "create_image", server.id) } };
    },
  };
}
