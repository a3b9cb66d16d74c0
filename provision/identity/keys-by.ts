import type { Repository } from "../wanted.ts";
import type { Remote } from "./remote.ts";

/** What of the environment tells whether a repository's host can be asked to register keys. */
export type ApiAccess = {
  /** GITHUB_TOKEN or GH_TOKEN. */
  token: string | undefined;
  /** GITHUB_API_URL: whatever host the repository is on, this is its API. */
  apiUrl: string | undefined;
};

export function keysBy({ host, repository }: Remote, { token, apiUrl }: ApiAccess): Repository["keys"] {
  const isKnown = apiUrl !== undefined || /^(ssh\.)?github\.com$/.test(host);
  return token !== undefined && repository !== undefined && isKnown ? "api" : "hands";
}
