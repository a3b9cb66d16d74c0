import { z } from "zod";

import type { ServerProvider } from "../../../ports/server-provider.ts";
import type { CloudCalls } from "../cloud-calls.ts";
import type { Ask } from "../outcome.ts";
import { firewallName, foreignFirewall, tag } from "../ownership.ts";
import { areSameRanges, asRange } from "../ranges.ts";
import { type Firewall, firewall } from "./answers.ts";
import { manners } from "./manners.ts";
import { library } from "./transport.ts";

const tagAnswer = z.object({ name: z.string() });

type Needs = {
  calls: CloudCalls;
  ask: (call: () => Promise<unknown>) => Ask;
  list: () => Promise<Firewall[]>;
};

/** A cloud firewall that follows our tag, so that it covers each worker from its first second. */
export function sshFirewall({
  calls,
  ask,
  list,
}: Needs): Pick<ServerProvider, "limitSsh" | "sshLimit" | "removeSshLimit"> {
  async function find(): Promise<Firewall | undefined> {
    const found = (await list()).find(({ name }) => name === firewallName);
    if (found && !found.tags?.includes(tag)) throw foreignFirewall(manners.provider);
    return found;
  }

  /** A firewall cannot follow a tag that nothing has had yet. */
  async function makeTag(): Promise<void> {
    const known = ask(() => library.tags.getTagByName(tag));
    if (await calls.find(`look for the tag ${tag}`, known, tagAnswer)) return;
    const make = ask(() => library.tags.createTag(tag));
    await calls.write(`make the tag ${tag}`, make, tagAnswer);
  }

  return {
    async limitSsh(from) {
      const found = await find();
      if (found && areSameRanges(rangesOf(found), from)) return false;
      const rules = rulesFor(from);
      if (found) {
        const change = ask(() => library.firewalls.updateFirewall({ id: found.id, ...rules }));
        await calls.write("limit who reaches ssh", change, firewall);
        return true;
      }
      await makeTag();
      const make = ask(() => library.firewalls.createFirewall(rules));
      await calls.write("limit who reaches ssh", make, firewall);
      return true;
    },

    async sshLimit() {
      const found = await find();
      return found && rangesOf(found);
    },

    async removeSshLimit() {
      const found = await find();
      if (!found) return false;
      return calls.remove(
        "remove the firewall",
        ask(() => library.firewalls.deleteFirewall(found.id)),
      );
    },
  };
}

function rangesOf({ inbound_rules }: Firewall): string[] {
  const rules = (inbound_rules ?? []).filter(({ protocol, ports }) => protocol === "tcp" && ports === "22");
  return rules.flatMap(({ sources }) => (sources.addresses ?? []).map(asRange));
}

const everywhere = ["0.0.0.0/0", "::/0"];

/** A cloud firewall forbids what it does not name, in both directions. */
function rulesFor(from: readonly string[]) {
  const nothingElse = { droplet_ids: [], load_balancer_uids: [], tags: [] };
  return {
    name: firewallName,
    tags: [tag],
    droplet_ids: [],
    inbound_rules: [
      { protocol: "tcp", ports: "22", sources: { addresses: from.map(asRange), ...nothingElse } },
    ],
    outbound_rules: ["tcp", "udp"].map((protocol) => ({
      protocol,
      ports: "all",
      destinations: { addresses: everywhere, ...nothingElse },
    })),
  };
}
