import type { FaultCode } from "../../../fault.ts";
import type { Places } from "../access.ts";
import type { Manners } from "../manners.ts";
import type { Refusal } from "../outcome.ts";

export const manners: Manners = {
  provider: "Hetzner Cloud",
  tokenVariable: "HCLOUD_TOKEN",
  rootVariable: "HCLOUD_API_URL",
  tokenPage: "https://console.hetzner.com (project, Security, API tokens)",
  limitPage: "https://console.hetzner.com (account, Limits)",
  statusPage: "https://status.hetzner.com",
  scopes: "Read & Write",
  codeOf,
};

export const places: Places = {
  tokens: ["HCLOUD_TOKEN"],
  root: "https://api.hetzner.cloud",
  version: "/v1",
};

const codes: Record<string, FaultCode> = {
  resource_limit_exceeded: "CLOUD_QUOTA",
  resource_unavailable: "CLOUD_SIZE_REGION",
  placement_error: "CLOUD_SIZE_REGION",
  locked: "CLOUD_LOCKED",
  conflict: "CLOUD_LOCKED",
  resource_in_use: "CLOUD_LOCKED",
  rate_limit_exceeded: "CLOUD_RATE",
  unauthorized: "CLOUD_TOKEN",
  forbidden: "CLOUD_SCOPE",
  token_readonly: "CLOUD_SCOPE",
};

/** Hetzner has a word for each; what is not unique it says in words only. */
function codeOf({ code = "", said }: Refusal): FaultCode | undefined {
  if (code === "uniqueness_error") return /key/i.test(said) ? "CLOUD_KEY_TAKEN" : "CLOUD_TWINS";
  if (code === "invalid_input" && /server.?type|location/i.test(said)) return "CLOUD_SIZE_REGION";
  return codes[code];
}
