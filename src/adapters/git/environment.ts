import { connectionOptions } from "./ssh.ts";

export type Env = Readonly<Record<string, string>>;

/** How to reach the remote, and where to keep the ssh connection that later calls share. */
export type Access = {
  sshCommand?: string | undefined;
  connectionFolder?: string | undefined;
  env?: Env | undefined;
};

/** The whole environment of a git process: what it needs to find keys, proxies and certificates, and no more. */
export function gitEnvironment({ sshCommand = "ssh", connectionFolder, env = {} }: Access): Env {
  return {
    ...Object.fromEntries(inherited.split(" ").flatMap((name) => entry(name, process.env[name]))),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    // ssh takes the first value it meets: what the configured command says comes before ours.
    GIT_SSH_COMMAND: [sshCommand, ...connectionOptions(connectionFolder)].join(" "),
    GIT_SSH_VARIANT: "ssh",
    ...env,
  };
}

const inherited =
  "PATH HOME USER LOGNAME TMPDIR XDG_CONFIG_HOME SSH_AUTH_SOCK SSL_CERT_FILE SSL_CERT_DIR " +
  "http_proxy https_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY NO_PROXY";

function entry(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}

/**
 * For questions about what is here: git would ask the remote for each object that it lacks. Older gits do not know the
 * first of the two, and the second lets them go nowhere.
 */
export const stayHere: Env = { GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none" };

/**
 * For a cache that lacks objects. Git has another git fetch what it lacks; of an object of which a part is there, that one
 * lacks it too, and so on: a storm of processes that goes on when we have died. Each of them adds a setting to this
 * variable. Linux starts no program with 128 KiB in one variable, so with this in it the chain has one or two links, and git
 * says at once what is corrupt.
 */
export const shortChain: Env = {
  GIT_CONFIG_PARAMETERS: `'pawl.ballast=${"-".repeat(128 * 1024 - 110)}'`,
};
