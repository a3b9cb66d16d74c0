import { Fault } from "../../src/fault.ts";

/** A repository as git on a worker reaches it, over ssh and with a key of its own. */
export type Remote = {
  /** For git: `git@host:path` or `ssh://git@host:port/path`, as it was written. */
  address: string;
  host: string;
  port: number;
  /** As hosts with an API call it: the last two parts of the path. */
  repository?: { owner: string; name: string };
};

/**
 * What a person configured, as the worker has to have it. An address of https becomes one of ssh, since a deploy key
 * works there only. Whatever an address on this machine, an option for git or ssh, or a shell could make of it is
 * refused; what was refused is not repeated where it may hold a password.
 */
export function readRemote(text: string): Remote {
  if (/\s|\p{C}/u.test(text)) throw refused("has a space or something invisible in it", withoutRepeating);
  if (text.startsWith("-")) throw refused(`${JSON.stringify(text)} would be an option of git`, form);
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? URL.parse(text) : undefined;
  if (url === null) throw refused("is no address", withoutRepeating);
  if (url === undefined) return readShort(text);
  if (url.password !== "") throw refused("has a password in it", withoutRepeating);
  if (url.search !== "" || url.hash !== "")
    throw refused("has a question mark or a # in it", withoutRepeating);
  if (url.protocol === "file:") throw onThisMachine(text);
  if (url.protocol === "https:") return readHttps(url);
  if (!/^(git\+)?ssh(\+git)?:$/.test(url.protocol)) {
    throw refused(`begins with ${url.protocol}//, which is neither private nor checked`, form);
  }
  const { username: user, hostname: host, pathname: path } = url;
  const port = url.port === "" ? 22 : Number(url.port);
  const at = `${user === "" ? "" : `${user}@`}${host}${port === 22 ? "" : `:${port}`}`;
  return remoteOf({ user: user || "git", host, port, path, address: `ssh://${at}${path}` });
}

/** `git@host:path`, as scp has it. */
function readShort(text: string): Remote {
  const [, user = "git", host, path] = /^(?:([^@/:]+)@)?([^@/:]+):(.+)$/.exec(text) ?? [];
  if (host === undefined || path === undefined) throw onThisMachine(text);
  return remoteOf({ user, host, port: 22, path, address: text });
}

function readHttps(url: URL): Remote {
  if (url.username !== "") throw refused("has a user or a token in it", withoutRepeating);
  const path = url.pathname.replace(/^\/|(\.git)?\/*$/g, "");
  if (url.port !== "" || !/^[^/]+\/[^/]+$/.test(path)) {
    throw refused(`${url.href} does not tell how the repository is reached by ssh`, form);
  }
  const address = `git@${url.hostname}:${path}.git`;
  return remoteOf({ user: "git", host: url.hostname, port: 22, path, address });
}

type Parts = Pick<Remote, "address" | "host" | "port"> & { user: string; path: string };

function remoteOf({ user, host, port, path, address }: Parts): Remote {
  const parts: [what: string, part: string, allowed: RegExp][] = [
    ["user", user, /^[\w.][\w.-]*$/],
    ["host", host, /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])$/i],
    ["path", path, /^[\w./~][\w./~@+-]*$/],
  ];
  for (const [what, part, allowed] of parts) {
    if (!allowed.test(part)) throw refused(`has the ${what} ${JSON.stringify(part)}`, form);
  }
  const [, owner = "", name = ""] = /(?:^|\/)([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(path) ?? [];
  const isNamed = [owner, name].every((part) => /[^.]/.test(part));
  return {
    address,
    host: host.replace(/^\[(.*)\]$/, "$1").toLowerCase(),
    port,
    ...(isNamed && { repository: { owner, name } }),
  };
}

const form =
  "Set `provision.remote` in the configuration, or --repo, to git@host:owner/name.git or ssh://git@host:port/owner/name.git.";

const withoutRepeating = `${form} Passwords and tokens do not belong into an address: the worker has a key of its own.`;

function refused(why: string, hint: string): Fault {
  return new Fault("CONFIG_INVALID", `The address of the coordination repository ${why}`, { hint });
}

function onThisMachine(text: string): Fault {
  return refused(
    `is ${JSON.stringify(text)}: a folder of this machine, which a worker elsewhere does not reach`,
    `Push it to a host that both reach by ssh. ${form}`,
  );
}
