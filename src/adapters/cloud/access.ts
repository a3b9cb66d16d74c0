import { Fault } from "../../fault.ts";
import type { Chance } from "../../ports/chance.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Manners } from "./manners.ts";

/** How a provider is reached. */
export type Access = {
  token: string;
  /** Root of its API with the version, without a slash at its end. */
  root: string;
};

export type ProviderOptions = Access & {
  clock: Clock;
  chance: Chance;
  /** Says who we are: `pawl/0.1.0`. */
  userAgent: string;
  /** After which a request counts as unanswered. */
  timeoutMs?: number;
};

export type Places = {
  /** Variables that may hold the token; the first one that does counts. */
  tokens: readonly string[];
  /** Where the API is, unless the manners' root variable says otherwise. */
  root: string;
  /** The version, which a root may leave out: `/v2`. */
  version: string;
};

/** Finds token and address in the environment, and takes none that would show the token to somebody else. */
export function accessFrom(env: NodeJS.ProcessEnv, manners: Manners, places: Places): Access {
  const { provider, tokenVariable, rootVariable, tokenPage } = manners;
  const variable = places.tokens.find((name) => (env[name] ?? "").trim() !== "");
  const token = (env[variable ?? ""] ?? "").trim();
  if (variable === undefined || !/^[\x21-\x7e]+$/.test(token)) {
    const what = variable === undefined ? `There is no token for ${provider}` : `${variable} holds no token`;
    throw new Fault("CLOUD_TOKEN", what, {
      hint: `Make one at ${tokenPage}, then \`export ${tokenVariable}=...\`.`,
    });
  }
  const given = env[rootVariable]?.trim() || places.root;
  if (!mayCarryToken(given)) {
    throw new Fault("CONFIG_INVALID", `${rootVariable} is no address to which a token may go`, {
      hint: "It has to begin with https://, or be on this machine, and hold no user name and no question mark.",
    });
  }
  const root = given.replace(/\/+$/, "");
  return { token, root: root.endsWith(places.version) ? root : `${root}${places.version}` };
}

function mayCarryToken(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(address);
  if (`${username}${password}${search}${hash}` !== "") return false;
  const isHere = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  return protocol === "https:" || (protocol === "http:" && isHere);
}
