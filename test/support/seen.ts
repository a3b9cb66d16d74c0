import type { Beat } from "../../src/core/beat.ts";
import type { MachineReport } from "../../src/core/machine-report.ts";
import type { NodeName } from "../../src/core/ids.ts";
import type { Server } from "../../src/ports/server-provider.ts";
import type { MachineFacts } from "../../provision/facts.ts";
import type { HubSeen, MachineSeen, Seen } from "../../provision/status/seen.ts";

/** A worker at which all is well, as one look sees it; the parts of it can be put in otherwise. */
export function aSeen(about: Partial<Seen> = {}): Seen {
  return {
    name: "pawl-worker-1",
    servers: { is: "seen", value: [aServer()], ms: 120 },
    machine: { is: "seen", value: aMachine(), ms: 240 },
    hub: { is: "seen", value: aHub(), ms: 300 },
    drift: [],
    pinned: { node: "24.21.0", openclaw: "2026.9.6", pawl: "0.1.0" },
    at: "2026-11-21T10:00:00Z",
    ...about,
  };
}

export function aServer(about: Partial<Server> = {}): Server {
  return {
    id: "4711",
    name: "pawl-worker-1",
    state: "active",
    ours: true,
    address: "203.0.113.7",
    region: "nyc3",
    size: "s-1vcpu-2gb",
    image: "ubuntu-24-04-x64",
    createdAt: "2026-11-09T10:00:00Z",
    price: { monthly: 12, hourly: 0.01786, currency: "USD" },
    ...about,
  };
}

export function aMachine(facts: Partial<MachineFacts> = {}): MachineSeen {
  return {
    hostKey: "SHA256:mine",
    lines: {
      nowMs: Date.parse("2026-11-21T10:00:30Z"),
      crontab: [],
      journal: ["took T-20261121-00001"],
      nextHeartbeat: "Sat 2026-11-21 10:05:00 UTC",
    },
    facts: { ...someFacts, ...facts },
  };
}

/** Of a machine whose worker has failed, unless it is put in otherwise. */
export function aReport(service: Partial<NonNullable<MachineReport["service"]>> = {}): MachineReport {
  return {
    worker: "pawl-worker-1" as NodeName,
    at: "2026-11-21T09:55:00Z",
    host: "pawl-worker-1",
    version: "0.1.0",
    service: {
      unit: "openclaw-worker.service",
      active: "failed",
      sub: "failed",
      result: "exit-code",
      restarts: 3,
      ...service,
    },
    upSeconds: 86_400,
    memoryFreeMb: 1200,
    swapFreeMb: 2047,
    diskFreeMb: 30_000,
    rebootPending: false,
  };
}

export function aHub(about: Partial<HubSeen> = {}): HubSeen {
  return {
    sign: { beat: aBeat(), commit: "c0ffee" },
    age: { by: "worker", seconds: 40 },
    queue: { queued: 2, running: 1 },
    running: [
      {
        task: "T-20261121-00001",
        title: "Compare the offers",
        attempt: 1,
        seconds: 720,
        progress: "half way",
      },
    ],
    results: [
      {
        id: "T-20261121-00002" as never,
        title: "Read the news",
        outcome: "succeeded",
        why: undefined,
        ended: "2026-11-21T09:00:00Z",
        attempt: 1,
      },
    ],
    perDay: [0, 0, 0, 0, 0, 0, 0, 1, 4, 2, 0, 3, 8, 1],
    ...about,
  };
}

export function aBeat(about: Partial<Beat> = {}): Beat {
  return {
    worker: "pawl-worker-1" as NodeName,
    count: 7,
    at: "2026-11-21T09:59:50Z",
    version: "0.1.0",
    host: "pawl-worker-1",
    state: "busy",
    slots: 1,
    executors: ["openclaw"],
    capabilities: [],
    unhealthy: {},
    running: [],
    every: 300,
    ...about,
  };
}

type Unit = MachineFacts["units"][string];

export function aUnit(about: Partial<Unit> = {}): Unit {
  return {
    load: "loaded",
    active: "active",
    sub: "running",
    enabled: "enabled",
    restarts: 0,
    result: "success",
    sinceSeconds: 273_600,
    needsReload: false,
    ...about,
  };
}

const madeAt = Date.parse("2026-11-09T10:00:00Z") / 1000;

const someFacts: MachineFacts = {
  probe: 1,
  os: { id: "ubuntu", version: "24.04", arch: "x86_64", kernel: "6.8.0" },
  firstBoot: "done",
  memoryMb: 1968,
  swapMb: 2048,
  diskFreeMb: 18_600,
  memoryFreeMb: 612,
  upSeconds: 273_700,
  rebootPending: false,
  timeSynced: true,
  packages: {},
  user: { exists: true, home: "/var/lib/pawl", shell: "/usr/sbin/nologin" },
  folders: [],
  rootKeys: [],
  node: { installed: ["24.21.0"], current: "24.21.0" },
  openclaw: { installed: ["2026.9.6"], current: "2026.9.6" },
  pawl: { installed: ["0.1.0"], current: "0.1.0" },
  files: {},
  deployKey: { publicKey: "ssh-ed25519 AAAA", madeAt },
  repository: { head: "c0ffee" },
  units: {
    "openclaw-worker.service": aUnit(),
    "pawl-heartbeat.timer": aUnit({ sub: "waiting" }),
  },
  running: [],
  firewall: "active",
  firewallRules: [],
  listening: [],
  passwordOnly: [],
  sshd: {},
  bwrap: "works",
  held: false,
  hostKeys: ["SHA256:mine"],
  hostKeyMadeAt: madeAt,
};
