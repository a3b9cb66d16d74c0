import type { Offer } from "../../src/ports/server-provider.ts";
import { serverOf, serversOf } from "../look.ts";
import { priceText } from "../price-text.ts";
import type { CloudFacts } from "../facts.ts";
import type { Step, Verdict } from "../step.ts";
import type { Target, Wanted } from "../wanted.ts";
import { alternatives } from "./alternatives.ts";
import { sshLimitStep } from "./ssh-limit.ts";
import { impossible, inCloud, right, rightBut, unknown, work } from "./verdicts.ts";

/** Most machines start within one. */
const startMinutes = 5;

const inACloud = ({ target }: Wanted) => target.kind === "cloud";

export const cloudSteps: readonly Step[] = [
  {
    id: "cloud.account",
    phase: "cloud",
    sentence: ({ target }) => `the account at ${providerOf(target)} may have this server`,
    isAsked: inACloud,
    after: [],
    risk: "free",
    codes: ["CLOUD_TOKEN", "CLOUD_SCOPE", "CLOUD_ACCOUNT", "CLOUD_QUOTA", "CLOUD_RATE", "CLOUD_DOWN"],
    check: inCloud(checkAccount),
    apply: () => [],
  },
  {
    id: "cloud.size",
    phase: "cloud",
    sentence: ({ target }) =>
      target.kind === "cloud" ? `size ${target.size} can be had in ${target.region}` : "",
    isAsked: inACloud,
    after: [],
    risk: "free",
    codes: ["CLOUD_SIZE_REGION"],
    check: inCloud(checkSize),
    apply: () => [],
  },
  {
    id: "cloud.key",
    phase: "cloud",
    sentence: () => "the account knows our ssh key",
    isAsked: inACloud,
    after: ["cloud.account", "cloud.size"],
    risk: "free",
    codes: ["CLOUD_KEY_TAKEN", "CLOUD_SCOPE"],
    check: inCloud(({ keyId }) => (keyId === undefined ? work("it does not have it") : right)),
    apply: () => [{ do: "add-account-key" }],
  },
  {
    id: "cloud.server",
    phase: "cloud",
    sentence: ({ name, target }) =>
      target.kind === "cloud" ? `server ${name} (${target.region}, ${target.size}, ${target.image})` : "",
    isAsked: inACloud,
    after: ["cloud.account", "cloud.size", "cloud.key"],
    risk: "paid",
    codes: [
      "CLOUD_TWINS",
      "CLOUD_FOREIGN",
      "CLOUD_QUOTA",
      "CLOUD_LOCKED",
      "CLOUD_REFUSED",
      "CLOUD_UNKNOWN_OUTCOME",
      "NAME_TAKEN",
    ],
    check: inCloud(checkServer),
    apply: () => [{ do: "refuse-namesake" }, { do: "create-server" }],
  },
  {
    id: "cloud.active",
    phase: "cloud",
    sentence: () => "the server runs and has an address",
    isAsked: inACloud,
    after: ["cloud.server"],
    risk: "free",
    codes: ["CLOUD_STUCK", "CLOUD_LOCKED"],
    check: inCloud(checkActive),
    apply: ({ cloud }) => [
      {
        do: "await",
        source: "cloud",
        what: "the server starts",
        seconds: startMinutes * 60,
        everySeconds: 3,
        late: {
          code: "CLOUD_STUCK",
          hint: `Look at server ${cloud && serverOf(cloud)?.id} at the provider; --destroy removes it, and a new one is most often faster than waiting.`,
        },
      },
    ],
  },
  sshLimitStep,
];

/** An account in trouble orders nothing; a server that is there already is not its concern. */
function checkAccount(cloud: CloudFacts, { target }: Wanted): Verdict {
  const { trouble, servers, serverLimit = Number.POSITIVE_INFINITY } = cloud.account;
  if (serversOf(cloud).length > 0) return trouble === undefined ? right : rightBut(trouble);
  if (trouble !== undefined) {
    return impossible(
      "CLOUD_ACCOUNT",
      `${providerOf(target)} lets this account order no server: ${trouble}`,
      "Settle that with the provider; nothing was ordered.",
    );
  }
  if (servers < serverLimit) return right;
  return impossible(
    "CLOUD_QUOTA",
    `The account has ${servers} servers of ${serverLimit} that it may have`,
    "Remove one that is not needed, or ask the provider for more.",
  );
}

function checkSize(cloud: CloudFacts, { target }: Wanted): Verdict {
  if (target.kind !== "cloud") return right;
  const server = serverOf(cloud);
  if (server) {
    const isAsWanted = server.size === target.size && server.region === target.region;
    if (isAsWanted) return right;
    return rightBut(
      `it is ${server.size} in ${server.region}; a server that exists is neither resized nor moved`,
    );
  }
  if (offerOf(cloud, target)) return right;
  const isKnown = cloud.offers.some(({ size }) => size === target.size);
  const seen = isKnown ? `is not to be had in ${target.region}` : "is none that this provider has";
  return impossible(
    "CLOUD_SIZE_REGION",
    `Size ${JSON.stringify(target.size)} ${seen}`,
    alternatives(cloud.offers, target),
  );
}

/** One size can be several offers, each with the regions in which it has that price. */
function offerOf({ offers }: CloudFacts, target: Wanted["target"]): Offer | undefined {
  if (target.kind !== "cloud") return undefined;
  return offers.find(({ size, regions }) => size === target.size && regions.includes(target.region));
}

/** What has this name and is not ours is never touched, nor chosen from. */
function checkServer(cloud: CloudFacts, { name, target }: Wanted): Verdict {
  const servers = serversOf(cloud);
  const [server] = servers;
  const ids = servers.map(({ id, region }) => `${id} in ${region}`).join(", ");
  if (servers.length > 1) {
    return impossible(
      "CLOUD_TWINS",
      `${servers.length} servers have the name ${name}: ${ids}`,
      "Rename or remove all but one of them at the provider, or take another name.",
    );
  }
  if (server?.ours === false) {
    return impossible(
      "CLOUD_FOREIGN",
      `There is a server ${name} (${ids}) that is not ours: it has no tag pawl-worker`,
      "Take another name; or, if it was meant to be ours, give it that tag at the provider.",
    );
  }
  if (server) return right;
  const price = offerOf(cloud, target)?.price;
  return work(price ? `there is none; ${priceText(price)}` : "there is none", price);
}

function checkActive(cloud: CloudFacts): Verdict {
  const server = serverOf(cloud);
  if (!server) return unknown;
  if (server.state === "off") {
    return impossible(
      "CLOUD_LOCKED",
      `Server ${server.name} (${server.id}) is switched off`,
      "Switch it on at the provider, then run the same again. One that is off is paid for all the same.",
    );
  }
  if (server.state === "starting") return work("it is starting");
  return server.address === undefined ? work("it has no address yet") : right;
}

function providerOf(target: Target): string {
  if (target.kind === "host") return "";
  return { digitalocean: "DigitalOcean", hetzner: "Hetzner" }[target.provider];
}
