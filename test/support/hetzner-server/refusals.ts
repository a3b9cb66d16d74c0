import type { Answer } from "../openapi/mock.ts";

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message, details: {} } } };
}

export const refusals = {
  unauthorized: refusal(401, "unauthorized", "unable to authenticate"),
  readonly: refusal(403, "token_readonly", "the token is only allowed to perform GET requests"),
  notFound: refusal(404, "not_found", "server with ID '1' not found"),
  limit: refusal(403, "resource_limit_exceeded", "server limit exceeded"),
  soldOut: refusal(412, "resource_unavailable", "error during placement"),
  image: refusal(422, "invalid_input", "image not found"),
  nameTaken: refusal(409, "uniqueness_error", "server name is already used"),
  keyTaken: refusal(409, "uniqueness_error", "SSH key with the same fingerprint already exists"),
  locked: refusal(423, "locked", "server is locked"),
  inUse: refusal(409, "resource_in_use", "firewall with ID '1' is still in use"),
  broken: refusal(500, "server_error", "Unexpected error"),
} as const;

export function tooMany(waitSeconds: number): Answer {
  const now = Date.parse("2026-11-21T10:00:00Z");
  return {
    ...refusal(429, "rate_limit_exceeded", "limit of 3600 requests per hour reached"),
    headers: {
      date: new Date(now).toUTCString(),
      "ratelimit-limit": "3600",
      "ratelimit-remaining": "0",
      "ratelimit-reset": String(now / 1000 + waitSeconds),
    },
  };
}
