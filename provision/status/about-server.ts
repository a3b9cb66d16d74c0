import { freshnessOf } from "./freshness.ts";
import { seenIn } from "./look.ts";
import type { Reason } from "./reason.ts";
import type { Seen } from "./seen.ts";

/** What the provider's word means for a worker. Without a token nobody was asked, and a machine of one's own has no provider. */
export function aboutServer({ name, servers, machine, hub }: Seen): Reason[] {
  if (servers.is === "not-asked") return [];
  if (servers.is === "unreachable") return [{ weight: "note", about: "server", says: servers.why }];
  const [server, ...others] = servers.value;
  if (server === undefined) {
    if (machine.is !== "not-asked") return [];
    const says = `there is no server named ${name}`;
    const seen = seenIn(hub);
    if (freshnessOf(seen?.age, seen?.sign?.beat?.every) !== "ok")
      return [{ weight: "dead", about: "server", says, next: `provision-worker ${name}` }];
    const next = "look whether the token is of the account that it is in";
    return [{ weight: "degraded", about: "server", says: `${says}, and yet it beats`, next }];
  }
  if (others.length > 0) {
    const ids = servers.value.map(({ id }) => id).join(", ");
    return [
      {
        weight: "degraded",
        about: "server",
        says: `${servers.value.length} servers are named ${name} (${ids})`,
        next: "destroy or rename all but one on the provider's page",
      },
    ];
  }
  return [
    ...(server.state === "off" || server.state === "gone"
      ? [
          {
            weight: "dead",
            about: "server",
            says: `the server is ${server.state}`,
            next: server.state === "off" ? "switch it on on the provider's page" : `provision-worker ${name}`,
          } satisfies Reason,
        ]
      : []),
    ...(server.state === "starting"
      ? [{ weight: "degraded", about: "server", says: "the server is starting" } satisfies Reason]
      : []),
    ...(server.ours
      ? []
      : [
          {
            weight: "degraded",
            about: "server",
            says: "the server of that name does not carry our tag",
            next: `provision-worker another-name`,
          } satisfies Reason,
        ]),
  ];
}
