import type { Chance } from "../../ports/chance.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ServerProvider } from "../../ports/server-provider.ts";
import { accessFrom } from "./access.ts";

export type Opening = {
  /** Has the token; `needs` of a provider names the variables. */
  env: NodeJS.ProcessEnv;
  clock: Clock;
  chance: Chance;
  /** `pawl/0.1.0` */
  userAgent: string;
};

/** A provider with what the environment says of it. Its library is loaded only now. */
export async function openProvider(
  name: "digitalocean" | "hetzner",
  { env, ...rest }: Opening,
): Promise<ServerProvider> {
  if (name === "hetzner") {
    const { manners, places } = await import("./hetzner/manners.ts");
    const access = accessFrom(env, manners, places);
    return (await import("./hetzner/hetzner.ts")).hetzner({ ...access, ...rest });
  }
  const { manners, places } = await import("./digitalocean/manners.ts");
  const access = accessFrom(env, manners, places);
  return (await import("./digitalocean/digitalocean.ts")).digitalOcean({ ...access, ...rest });
}
