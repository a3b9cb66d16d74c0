import { z } from "zod";

import type { ServerProvider } from "../../../ports/server-provider.ts";
import type { CloudCalls } from "../cloud-calls.ts";
import type { Ask } from "../outcome.ts";
import { firewallName, foreignFirewall, tag } from "../ownership.ts";
import { areSameRanges, asRange } from "../ranges.ts";
import { type Firewall, firewall } from "./answers.ts";
import { manners } from "./manners.ts";
import type { Request } from "./transport.ts";

type Needs = {
  calls: CloudCalls;
  ask: (path: string, request?: Request) => Ask;
  list: (
    task: string,
    path: string,
    item: z.ZodType<Firewall>,
    filter: Record<string, string>,
  ) => Promise<Firewall[]>;
};

const everyWorker = { type: "label_selector", label_selector: { selector: `${tag}=true` } } as const;
const done = z.object({ actions: z.array(z.unknown()) });

/** A firewall that follows our label, so that it covers each worker from its first second. */
export function sshFirewall({
  calls,
  ask,
  list,
}: Needs): Pick<ServerProvider, "limitSsh" | "sshLimit" | "removeSshLimit"> {
  async function find(): Promise<Firewall | undefined> {
    const found = await list("list the firewalls", "/firewalls", firewall, { name: firewallName });
    const named = found.find(({ name }) => name === firewallName);
    if (named && !named.applied_to.every(isEveryWorker)) throw foreignFirewall(manners.provider);
    return named;
  }

  return {
    async limitSsh(from) {
      const found = await find();
      const isApplied = found?.applied_to.some(isEveryWorker) ?? false;
      if (found && isApplied && areSameRanges(rangesOf(found), from)) return false;
      const rules = [{ direction: "in", protocol: "tcp", port: "22", source_ips: from.map(asRange) }];
      if (!found) {
        const body = { name: firewallName, rules, apply_to: [everyWorker] };
        await calls.write(
          "limit who reaches ssh",
          ask("/firewalls", { method: "POST", body }),
          z.object({ firewall }),
        );
        return true;
      }
      const actions = `/firewalls/${found.id}/actions`;
      const set = ask(`${actions}/set_rules`, { method: "POST", body: { rules } });
      await calls.write("limit who reaches ssh", set, done);
      if (isApplied) return true;
      const apply = ask(`${actions}/apply_to_resources`, {
        method: "POST",
        body: { apply_to: [everyWorker] },
      });
      await calls.write("limit who reaches ssh", apply, done);
      return true;
    },

    async sshLimit() {
      const found = await find();
      return found && rangesOf(found);
    },

    async removeSshLimit() {
      const found = await find();
      if (!found) return false;
      const path = `/firewalls/${found.id}`;
      if (found.applied_to.length > 0) {
        // One that is in use cannot be deleted.
        const free = ask(`${path}/actions/remove_from_resources`, {
          method: "POST",
          body: { remove_from: [everyWorker] },
        });
        await calls.write("take the firewall off", free, done);
      }
      return calls.remove("remove the firewall", ask(path, { method: "DELETE" }));
    },
  };
}

function isEveryWorker({ label_selector }: Firewall["applied_to"][number]): boolean {
  return label_selector?.selector === everyWorker.label_selector.selector;
}

function rangesOf({ rules }: Firewall): string[] {
  const ssh = rules.filter(
    ({ direction, protocol, port }) => direction === "in" && protocol === "tcp" && port === "22",
  );
  return ssh.flatMap(({ source_ips }) => (source_ips ?? []).map(asRange));
}
