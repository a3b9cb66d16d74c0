import type { Answer } from "../openapi/mock.ts";

function refusal(status: number, id: string, message: string): Answer {
  return { status, body: { id, message, request_id: "4d9d8375-3c56-4925-a3e7-eb137fed17e9" } };
}

const unprocessable = (message: string) => refusal(422, "unprocessable_entity", message);

/** DigitalOcean's own words, as people quote them. */
export const refusals = {
  unauthorized: refusal(401, "unauthorized", "Unable to authenticate you"),
  forbidden: refusal(403, "forbidden", "You are not authorized to perform this operation"),
  notFound: refusal(404, "not_found", "The resource you requested could not be found."),
  limit: unprocessable("creating this/these droplet(s) will exceed your droplet limit"),
  size: unprocessable("Size is not available in this region."),
  region: unprocessable("Region is not available"),
  image: unprocessable("You specified an invalid image for Droplet creation."),
  name: unprocessable("Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)"),
  keyTaken: unprocessable("SSH Key is already in use on your account"),
  locked: unprocessable("Droplet already has a pending event."),
  tagMissing: refusal(400, "bad_request", "tag does not exist"),
  broken: refusal(500, "server_error", "Unexpected server-side error"),
} as const;

export function tooMany(waitSeconds: number): Answer {
  const now = Date.parse("2026-11-21T10:00:00Z");
  return {
    ...refusal(429, "too_many_requests", "API rate limit exceeded."),
    headers: {
      date: new Date(now).toUTCString(),
      "ratelimit-limit": "5000",
      "ratelimit-remaining": "0",
      "ratelimit-reset": String(now / 1000 + waitSeconds),
    },
  };
}
