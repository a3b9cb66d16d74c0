import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";

import { describe, expect, test } from "vitest";

/** Who may import whom. A part may always import itself; only an adapter may not import another. */
const map: Record<string, { parts: string[]; libraries: string[] | "any" }> = {
  bin: { parts: ["cli"], libraries: [] },
  cli: {
    parts: [
      "wire",
      "config",
      "main",
      "worker",
      "provision",
      "routing",
      "schedules",
      "openclaw",
      "ledger",
      "ports",
      "format",
      "core",
      "leaf",
    ],
    libraries: "any",
  },
  wire: {
    parts: [
      "config",
      "adapters",
      "main",
      "worker",
      "provision",
      "routing",
      "schedules",
      "ledger",
      "ports",
      "format",
      "core",
      "leaf",
    ],
    libraries: "any",
  },
  config: { parts: ["routing", "schedules", "format", "core", "leaf"], libraries: ["zod", "yaml", "node:*"] },
  main: { parts: ["schedules", "ledger", "ports", "format", "core", "leaf"], libraries: ["zod", "node:*"] },
  schedules: { parts: ["core"], libraries: ["croner"] },
  openclaw: { parts: ["schedules", "ports", "format", "core", "leaf"], libraries: ["zod", "node:*"] },
  worker: { parts: ["ledger", "ports", "format", "core", "leaf"], libraries: ["zod", "node:*"] },
  provision: {
    parts: ["openclaw", "schedules", "ledger", "ports", "format", "core", "leaf"],
    libraries: ["zod", "node:*"],
  },
  routing: {
    parts: ["ports", "format", "core", "leaf"],
    libraries: ["zod", "markdown-it", "croner", "node:*"],
  },
  adapters: { parts: ["ports", "format", "core", "leaf"], libraries: "any" },
  ledger: { parts: ["ports", "format", "core", "leaf"], libraries: [] },
  leaf: { parts: ["ports", "format", "core"], libraries: ["zod", "node:*"] },
  ports: { parts: ["core"], libraries: [] },
  format: {
    parts: ["core", "leaf"],
    libraries: ["zod", "yaml", "fastest-levenshtein", "node:buffer", "node:crypto"],
  },
  core: { parts: [], libraries: ["zod"] },
};

const leaves = ["src/fault.ts", "src/every.ts"];

type Import = { from: string; to: string; typeOnly?: boolean };

describe("the map of the code", () => {
  test("is kept by every import", () => {
    const complaints = sources().flatMap((file) =>
      importsOf(file, readFileSync(file, "utf8")).flatMap((found) => complaintAbout(found) ?? []),
    );
    expect(complaints.join("\n")).toBe("");
  });

  test("has a place for every file", () => {
    expect(sources().filter((file) => partOf(file) === undefined)).toEqual([]);
  });

  test.each<Import>([
    { from: "bin/pawl.ts", to: "src/cli/program.ts" },
    { from: "bin/pawl.ts", to: "bin/require-node.ts" },
    { from: "src/cli/submit.ts", to: "src/wire.ts" },
    { from: "src/cli/submit.ts", to: "commander" },
    { from: "src/wire.ts", to: "src/adapters/git/shared-repo.ts" },
    { from: "src/main/loop.ts", to: "src/every.ts" },
    { from: "worker/daemon.ts", to: "src/ledger/update.ts" },
    { from: "worker/daemon.ts", to: "src/ports/shared-repo.ts" },
    { from: "worker/daemon.ts", to: "node:path" },
    { from: "src/adapters/git/push.ts", to: "src/adapters/git/client.ts" },
    { from: "src/adapters/git/push.ts", to: "simple-git" },
    { from: "src/adapters/child-process/run.ts", to: "node:child_process" },
    { from: "src/format/queue.ts", to: "yaml" },
    { from: "src/format/queue.ts", to: "src/fault.ts" },
    { from: "src/ports/spool.ts", to: "src/core/task.ts", typeOnly: true },
    { from: "src/core/workflow/gate.ts", to: "src/core/task.ts" },
    { from: "src/core/task.ts", to: "zod" },
  ])("lets $from import $to", (allowed) => {
    expect(complaintAbout(allowed)).toBeUndefined();
  });

  test.each<Import>([
    { from: "bin/pawl.ts", to: "src/wire.ts" },
    { from: "bin/pawl.ts", to: "commander" },
    { from: "src/cli/submit.ts", to: "src/adapters/git/shared-repo.ts" },
    { from: "src/wire.ts", to: "src/cli/program.ts" },
    { from: "src/wire.ts", to: "src/adapters/memory/shared-repo.ts" },
    { from: "src/main/loop.ts", to: "worker/daemon.ts" },
    { from: "src/main/loop.ts", to: "src/routing/plan.ts" },
    { from: "src/main/loop.ts", to: "src/adapters/git/shared-repo.ts" },
    { from: "src/main/loop.ts", to: "simple-git" },
    { from: "worker/daemon.ts", to: "src/main/loop.ts" },
    { from: "worker/daemon.ts", to: "node:child_process" },
    { from: "provision/apply.ts", to: "worker/daemon.ts" },
    { from: "src/routing/plan.ts", to: "src/wire.ts" },
    { from: "src/adapters/git/push.ts", to: "src/adapters/telegram/messenger.ts" },
    { from: "src/adapters/git/push.ts", to: "src/main/loop.ts" },
    { from: "src/adapters/git/push.ts", to: "src/config/load.ts" },
    { from: "src/ledger/update.ts", to: "src/main/loop.ts" },
    { from: "src/ports/spool.ts", to: "src/core/task.ts" },
    { from: "src/ports/spool.ts", to: "src/adapters/memory/spool.ts" },
    { from: "src/format/queue.ts", to: "src/ports/spool.ts" },
    { from: "src/format/queue.ts", to: "node:fs" },
    { from: "src/fault.ts", to: "src/main/loop.ts" },
    { from: "src/core/task.ts", to: "src/format/queue.ts" },
    { from: "src/core/task.ts", to: "src/fault.ts" },
    { from: "src/core/task.ts", to: "node:crypto" },
    { from: "src/core/task.ts", to: "test/support/tasks.ts" },
  ])("forbids $from to import $to", (forbidden) => {
    expect(complaintAbout(forbidden)).toContain(`${forbidden.from} must not import ${forbidden.to}`);
  });

  test("is checked against every way to write an import", () => {
    const text = [
      'import { a } from "./a.ts";',
      "import {",
      "  type B,",
      "  c,",
      '} from "../b/c.ts";',
      'import type { D } from "../d.ts";',
      'import { type E, type F } from "./e.ts";',
      'import "./side-effect.ts";',
      'export { g } from "./g.ts";',
      'const h = await import("./h.ts");',
      'import * as z from "zod";',
      '// import { no } from "./no.ts";',
    ].join("\n");
    expect(
      importsOf("src/core/x.ts", text).map(({ to, typeOnly }) => (typeOnly ? `type ${to}` : to)),
    ).toEqual([
      "src/core/a.ts",
      "src/b/c.ts",
      "type src/d.ts",
      "type src/core/e.ts",
      "src/core/side-effect.ts",
      "src/core/g.ts",
      "src/core/h.ts",
      "zod",
    ]);
  });
});

function complaintAbout({ from, to, typeOnly = false }: Import): string | undefined {
  const forbidden = (because: string) => `${from} must not import ${to}: ${because}`;
  const source = partOf(from);
  const rules = source === undefined ? undefined : map[source];
  if (source === undefined || rules === undefined) return forbidden("it has no place on the map");

  if (!/\.(ts|json)$/.test(to)) {
    if (rules.libraries === "any") return undefined;
    if (rules.libraries.some((allowed) => covers(allowed, to)) && to !== "node:child_process")
      return undefined;
    return forbidden(
      `of libraries, ${source} may use ${list(rules.libraries)}, and only adapters start processes`,
    );
  }

  const target = partOf(to);
  if (to.startsWith("src/adapters/memory/") && !from.startsWith("src/adapters/memory/")) {
    return forbidden("the in-memory adapters are for tests");
  }
  if (source === "adapters" && target === "adapters") {
    return adapterOf(from) === adapterOf(to) ? undefined : forbidden("an adapter never imports another");
  }
  if (target === source) return undefined;
  if (target === undefined || !rules.parts.includes(target)) {
    return forbidden(`${source} may import ${list(rules.parts)} and itself`);
  }
  if (source === "ports" && !typeOnly) return forbidden("a port takes types and nothing else (import type)");
  return undefined;
}

function partOf(file: string): string | undefined {
  if (leaves.includes(file)) return "leaf";
  const [, root, part] = /^(?:(src)\/)?([a-z]+)(?:\/.+)?\.ts$/.exec(file) ?? [];
  if (part === undefined || part === "leaf" || !(part in map)) return undefined;
  const besideSource = ["bin", "worker", "provision"].includes(part);
  return besideSource === (root === undefined) ? part : undefined;
}

function adapterOf(file: string): string | undefined {
  return file.split("/")[2];
}

function covers(allowed: string, library: string): boolean {
  return allowed.endsWith("*") ? library.startsWith(allowed.slice(0, -1)) : library === allowed;
}

function list(names: string[]): string {
  return names.join(", ") || "none";
}

function importsOf(file: string, text: string): Import[] {
  const statement = /^(?:import|export)\s+(?:(type\s)?([^"';]*?)\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm;
  return [...text.matchAll(statement)].map(([, type, names, specifier, dynamic]) => {
    const to = specifier ?? dynamic ?? "";
    const typeOnly = type !== undefined || /^\{(\s*type\s[^,}]+,?)+\s*\}$/.test(names ?? "");
    return { from: file, to: to.startsWith(".") ? normalize(join(dirname(file), to)) : to, typeOnly };
  });
}

function sources(): string[] {
  return globSync("{src,bin,worker,provision}/**/*.ts").map((file) => file.replaceAll("\\", "/"));
}
