import type { FaultCode } from "../../../fault.ts";
import type { Places } from "../access.ts";
import type { Manners } from "../manners.ts";
import type { Refusal } from "../outcome.ts";

export const manners: Manners = {
  provider: "DigitalOcean",
  tokenVariable: "DO_API_TOKEN",
  rootVariable: "DO_API_URL",
  tokenPage: "https://cloud.digitalocean.com/account/api/tokens",
  limitPage: "https://cloud.digitalocean.com/account/team/droplet_limit_increase",
  statusPage: "https://status.digitalocean.com",
  scopes: [
    "account:read",
    "actions:read",
    "droplet:create, read, update, delete",
    "firewall:read",
    "image:read",
    "regions:read",
    "sizes:read",
    "ssh_key:create, read, delete",
    "tag:create, read",
    "vpc:read",
    "and for --ssh-from firewall:create, update, delete",
  ].join("; "),
  codeOf,
};

/** As doctl, Terraform and DigitalOcean's own pages name them. */
export const places: Places = {
  tokens: ["DO_API_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", "DIGITALOCEAN_TOKEN"],
  root: "https://api.digitalocean.com",
  version: "/v2",
};

/** DigitalOcean says 422 to most, and what is wrong only in words. */
function codeOf({ status, said }: Refusal): FaultCode | undefined {
  if (status !== 422) return undefined;
  if (/already in use/i.test(said)) return "CLOUD_KEY_TAKEN";
  if (/pending event|is locked/i.test(said)) return "CLOUD_LOCKED";
  if (/\b(limit|quota|exceed)/i.test(said)) return "CLOUD_QUOTA";
  if (/\b(size|region)\b/i.test(said)) return "CLOUD_SIZE_REGION";
  return undefined;
}
