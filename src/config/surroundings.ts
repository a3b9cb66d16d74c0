import type { Machine } from "./default-slots.ts";

/** What the configuration depends on besides its file. */
export type Surroundings = {
  cwd: string;
  home: string;
  hostname: string;
  /** Unknown: small. */
  machine?: Machine;
  /** IANA name of the zone that the machine's people live in; unknown: UTC. */
  timezone?: string;
  env: Readonly<Record<string, string | undefined>>;
};
