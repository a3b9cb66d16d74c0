import type { Command } from "commander";

import type { Host } from "./host.ts";

export type Entry = {
  name: string;
  summary: string;
  load: () => Promise<{ setUp: (command: Command, host: Host) => void }>;
};

/** In the order in which a person meets them. */
export const commands: readonly Entry[] = [
  {
    name: "init",
    summary: "make a folder a coordination repository",
    load: () => import("./init.ts"),
  },
  { name: "hub", summary: "make a bare repository for a hub of your own", load: () => import("./hub.ts") },
  { name: "main", summary: "run the main node, in the foreground", load: () => import("./main.ts") },
  { name: "worker", summary: "run a worker, in the foreground", load: () => import("./worker.ts") },
  { name: "submit", summary: "put a task into the queue", load: () => import("./submit.ts") },
  { name: "queue", summary: "list the open tasks", load: () => import("./queue.ts") },
  { name: "show", summary: "show one task, open or ended", load: () => import("./show.ts") },
  { name: "results", summary: "list the tasks that have ended", load: () => import("./results.ts") },
  { name: "costs", summary: "add up what tasks have cost", load: () => import("./costs.ts") },
  { name: "logs", summary: "show what a task printed on this machine", load: () => import("./logs.ts") },
  { name: "cancel", summary: "take a task back", load: () => import("./cancel.ts") },
  { name: "approve", summary: "let a task run that waits for it", load: () => import("./approve.ts") },
  { name: "reject", summary: "end a task that waits for approval", load: () => import("./reject.ts") },
  { name: "retry", summary: "try a task again", load: () => import("./retry.ts") },
  { name: "inbox", summary: "list what needs you", load: () => import("./inbox.ts") },
  { name: "notify", summary: "tell people something", load: () => import("./notify.ts") },
  { name: "ask", summary: "ask the owner for a decision", load: () => import("./ask.ts") },
  { name: "route", summary: "say where news go, and why", load: () => import("./route.ts") },
  { name: "deliveries", summary: "list what went out", load: () => import("./deliveries.ts") },
  { name: "digest", summary: "list the digests, send one now", load: () => import("./digest.ts") },
  { name: "quiet", summary: "let news wait for a while", load: () => import("./quiet.ts") },
  { name: "silence", summary: "do not tell of something", load: () => import("./silence.ts") },
  { name: "channel", summary: "check the ways to people", load: () => import("./channel.ts") },
  { name: "render", summary: "show how a text would look", load: () => import("./render.ts") },
  { name: "schedule", summary: "list tasks that come by themselves", load: () => import("./schedule.ts") },
  { name: "watch", summary: "watch queue and workers live", load: () => import("./watch.ts") },
  {
    name: "heartbeat",
    summary: "tell an agent what is new, or HEARTBEAT_OK",
    load: () => import("./heartbeat.ts"),
  },
  { name: "mcp", summary: "let an agent hand out work by itself", load: () => import("./mcp.ts") },
  {
    name: "openclaw",
    summary: "let OpenClaw hand out work and hear of results",
    load: () => import("./openclaw.ts"),
  },
  { name: "cron", summary: "move cron jobs to the worker", load: () => import("./cron.ts") },
  { name: "poke", summary: "make the nodes on this machine look now", load: () => import("./poke.ts") },
  { name: "doctor", summary: "check this machine and its way to the hub", load: () => import("./doctor.ts") },
  { name: "audit", summary: "check the ledger's whole history", load: () => import("./audit.ts") },
  {
    name: "accept-history",
    summary: "go on after the branch was rewound",
    load: () => import("./accept-history.ts"),
  },
  { name: "demo", summary: "show the main job in a temporary folder", load: () => import("./demo.ts") },
  { name: "config", summary: "check, show or describe the configuration", load: () => import("./config.ts") },
  { name: "version", summary: "print the version", load: () => import("./version.ts") },
];

/** Commands that are programs of their own, as they are about machines and not about tasks. */
export const programs = [
  {
    name: "provision-worker",
    summary: "make a machine a worker, or repair one",
    load: () => import("./provision/provision.ts"),
  },
  {
    name: "worker-status",
    summary: "say how a worker is",
    load: () => import("./status/status.ts"),
  },
] as const satisfies readonly Entry[];
