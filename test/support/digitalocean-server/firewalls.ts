import { randomUUID } from "node:crypto";

import type { CloudAccount } from "../cloud/account.ts";
import type { Operations } from "../openapi/mock.ts";
import { refusals } from "./refusals.ts";
import { page } from "./views.ts";

type Firewall = { id: string; tags: string[] };

/** @param tags those that anything has had */
export function firewallOperations(account: CloudAccount, tags: Set<string>): Operations {
  const firewalls = new Map<string, Firewall>();
  const tagView = (name: string) => ({ name, resources: { count: 0 } });
  const isKnown = (names: readonly string[] = []) => names.every((name) => tags.has(name));

  return {
    "GET /v2/tags/{tag_id}": ({ path }) => {
      const name = path["tag_id"]!;
      return tags.has(name) ? { status: 200, body: { tag: tagView(name) } } : refusals.notFound;
    },
    "POST /v2/tags": ({ body }) => {
      tags.add(body.name);
      return { status: 201, body: { tag: tagView(body.name) } };
    },
    "GET /v2/firewalls": (asked) => page("firewalls", [...firewalls.values()], asked),
    "POST /v2/firewalls": ({ body }) => {
      if (!isKnown(body.tags)) return refusals.tagMissing;
      const made = { id: randomUUID(), status: "waiting", created_at: account.nextTime(), ...body };
      firewalls.set(made.id, made);
      return { status: 202, body: { firewall: made } };
    },
    "PUT /v2/firewalls/{firewall_id}": ({ path, body }) => {
      const found = firewalls.get(path["firewall_id"]!);
      if (!found) return refusals.notFound;
      const changed = { ...found, ...body, id: found.id };
      firewalls.set(found.id, changed);
      return { status: 200, body: { firewall: changed } };
    },
    "DELETE /v2/firewalls/{firewall_id}": ({ path }) =>
      firewalls.delete(path["firewall_id"]!) ? { status: 204 } : refusals.notFound,
  };
}
