import { durationText } from "../../core/duration.ts";
import { Fault, type FaultCode } from "../../fault.ts";
import type { Trouble } from "./trouble.ts";

/** What the token has to be allowed to do, as GitHub's page for tokens calls it. */
const permission = "the repository permission Administration (read and write)";

const newToken = `Make a fine-grained token for this repository alone, with ${permission}, and set GITHUB_TOKEN to it.`;

/**
 * @param doing what was asked for, `listing its deploy keys`
 * @param blank takes the token out of what a server said
 */
export function faultOf(
  trouble: Trouble,
  { repository, doing, blank }: { repository: string; doing: string; blank: (text: string) => string },
): Fault {
  const fault = (code: FaultCode, what: string, hint: string) => new Fault(code, blank(what), { hint });
  switch (trouble.kind) {
    case "unreachable":
      return fault("GH_DOWN", `GitHub's API cannot be reached for ${doing}: ${trouble.why}`, network);
    case "lost":
      return fault("GH_DOWN", `GitHub's API did not answer while ${doing}: ${trouble.why}`, network);
    case "moved":
      return fault(
        "GH_NOT_FOUND",
        `${repository} has another name now`,
        "Look at it in a browser, which goes on to the new address, and set `remote` in the configuration to that.",
      );
    case "refusal":
      return ofRefusal(trouble);
    default:
      return trouble satisfies never;
  }

  function ofRefusal({ status, said, waitSeconds, ...more }: Extract<Trouble, { kind: "refusal" }>): Fault {
    if (waitSeconds !== undefined) {
      const wait = durationText(waitSeconds);
      return fault("GH_RATE", `GitHub asks for ${wait} of patience: ${said}`, `Run it again in ${wait}.`);
    }
    if (status >= 500) return fault("GH_DOWN", `GitHub answered ${status} while ${doing}: ${said}`, network);
    if (status === 401) return fault("GH_TOKEN", `GitHub does not take the token: ${said}`, newToken);
    if (more.wantsSingleSignOn) {
      return fault(
        "GH_TOKEN",
        `The organisation of ${repository} does not take the token yet: ${said}`,
        "On GitHub's page with your tokens choose Configure SSO beside it and authorise it for the organisation.",
      );
    }
    if (/deploy keys? .*(disabled|not allowed|restricted|forbidden)/i.test(said)) {
      return fault(
        "GH_KEYS_FORBIDDEN",
        `${repository} takes no deploy keys: ${said}`,
        "An owner of the organisation allows them under Settings, Member privileges, Deploy keys; a repository of your own needs nobody's leave.",
      );
    }
    if (/key is already in use/i.test(said)) {
      return fault(
        "GH_KEY_IN_USE",
        `Another repository or account has the worker's key already, and GitHub takes each key once`,
        "`provision-worker --rotate keys` makes the worker a new one.",
      );
    }
    if (status === 404 && doing === seeing) {
      return fault(
        "GH_NOT_FOUND",
        `There is no ${repository}, or the token may not see it`,
        `Compare it with \`remote\` in the configuration. ${newToken}`,
      );
    }
    if (status === 404 || (status === 403 && !/archived|disabled|suspended|blocked/i.test(said))) {
      const named = more.permission === undefined ? "" : `; GitHub names ${more.permission}`;
      return fault(
        "GH_NO_ADMIN",
        `The token does not allow ${doing} in ${repository}: ${said}${named}`,
        `It needs ${permission}, and its owner has to be an administrator there. ${newToken}`,
      );
    }
    return fault(
      "GH_REFUSED",
      `GitHub refused ${doing} in ${repository} with ${status}: ${said}`,
      "Look at the repository in a browser; what GitHub says there may tell more.",
    );
  }
}

export const seeing = "looking at the repository";

const network =
  "Finished steps are not repeated: run it again. githubstatus.com tells whether GitHub has trouble.";
