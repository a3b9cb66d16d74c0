import { Fault } from "../../fault.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Server, ServerProvider } from "../../ports/server-provider.ts";
import type { Look } from "../../../provision/status/look.ts";
import type { ProviderName, Provisioning } from "../../wire/provisioning.ts";
import { ask } from "./ask.ts";

const seconds = 15;

export type ProvidersLook = {
  servers: Look<readonly Server[]>;
  /** Those that answered: of a server that is not among `servers` they know nothing. */
  answered: readonly ProviderName[];
};

/** The servers of these names, or all of ours, at each provider whose token is here. */
export async function lookAtProviders(
  provisioning: Provisioning,
  clock: Clock,
  names: readonly string[] | "all",
): Promise<ProvidersLook> {
  const opened = await Promise.all([open(provisioning, "digitalocean"), open(provisioning, "hetzner")]);
  const providers = opened.flatMap((one) => (typeof one === "string" ? [] : [one]));
  if (providers.length === 0) {
    const why = opened.filter((one) => typeof one === "string").at(0) ?? "";
    return { servers: { is: "not-asked", why }, answered: [] };
  }
  const looks = await Promise.all(
    providers.map(({ provider }) =>
      ask(clock, { seconds, what: provider.name }, () => serversAt(provider, names)),
    ),
  );
  return {
    servers: looks.reduce(joined),
    answered: providers.flatMap(({ name }, at) => (looks[at]?.is === "seen" ? [name] : [])),
  };
}

async function serversAt(
  provider: ServerProvider,
  names: readonly string[] | "all",
): Promise<readonly Server[]> {
  if (names === "all") return provider.ours();
  return (await Promise.all(names.map((name) => provider.find(name)))).flat();
}

/** The provider, or why it cannot be asked. */
async function open(provisioning: Provisioning, name: ProviderName) {
  try {
    return { name, provider: await provisioning.provider(name) };
  } catch (error) {
    if (error instanceof Fault && error.code === "CLOUD_TOKEN") return error.message;
    throw error;
  }
}

/** One of two that does not answer hides what the other has seen: nobody could say any more that a server is not there. */
function joined(one: Look<readonly Server[]>, other: Look<readonly Server[]>): Look<readonly Server[]> {
  if (one.is !== "seen") return one;
  if (other.is !== "seen") return other;
  return { is: "seen", value: [...one.value, ...other.value], ms: Math.max(one.ms, other.ms) };
}
