/** Where things are on a worker. Public: people and their own scripts look there. */
export const places = {
  user: "pawl",
  home: "/var/lib/pawl",
  /** The node's `state`: cache, spools, logs and the workspaces of tasks. */
  state: "/var/lib/pawl/state",
  /** The private half, made on the worker and never read by us; the public one lies beside it. */
  deployKey: "/var/lib/pawl/keys/deploy",
  folder: "/etc/pawl",
  config: "/etc/pawl/pawl.config.yaml",
  openclawConfig: "/etc/pawl/openclaw.worker.json",
  knownHosts: "/etc/pawl/known_hosts",
  /** One file for each variable that the worker is to see, root's alone. */
  credentials: "/etc/pawl/credentials",
  /** As long as this file is there, the worker does not start. */
  hold: "/etc/pawl/hold",
  /** There while the worker is stopped for other versions; who finds it and nobody at work ends what was cut off. */
  switching: "/run/pawl/switching",
  /** Hands the credentials to the worker and becomes it. */
  launcher: "/usr/local/lib/pawl/launch-worker",
  bwrapProfile: "/etc/apparmor.d/pawl-bwrap",
  sshd: "/etc/ssh/sshd_config.d/10-pawl.conf",
  journald: "/etc/systemd/journald.conf.d/50-pawl.conf",
  upgrades: "/etc/apt/apt.conf.d/52pawl-upgrades",
  /** No name that others use: a machine may have a `/swapfile` already. */
  swap: "/swapfile.pawl",
  /** Runtimes with a folder for each version and a link `current`, as in `/opt/node/current/bin/node`. */
  runtimes: { node: "/opt/node", openclaw: "/opt/openclaw", pawl: "/opt/pawl" },
  worker: "openclaw-worker.service",
  report: "pawl-heartbeat.service",
  reportTimer: "pawl-heartbeat.timer",
} as const;

export type Runtime = keyof typeof places.runtimes;
