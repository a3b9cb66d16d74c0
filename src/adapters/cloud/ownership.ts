import { Fault } from "../../fault.ts";
import type { Server } from "../../ports/server-provider.ts";

/** The mark on all that is ours at a provider: a tag, or a label with the value `true`. */
export const tag = "pawl-worker";

/** Of the firewall that lets only some reach ssh on servers with our tag. */
export const firewallName = "pawl-worker-ssh";

export function foreignServer(provider: string, { id, name }: Server): Fault {
  return new Fault(
    "CLOUD_FOREIGN",
    `${provider}'s server ${id} (${JSON.stringify(name)}) has no tag ${tag}`,
    {
      hint: "Only what provision-worker made is destroyed. Remove this one yourself if it is not needed.",
    },
  );
}

export function foreignFirewall(provider: string): Fault {
  return new Fault("CLOUD_FOREIGN", `${provider} has a firewall ${firewallName} that is not for ${tag}`, {
    hint: `Somebody made it or changed it by hand: rename it, or let it apply to ${tag} and to nothing else.`,
  });
}
