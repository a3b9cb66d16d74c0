import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { type Description, cut } from "./cut.ts";
import { type DescriptionName, type Source, sources } from "./sources.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/openapi");

/** The cut that lies in the checkout. */
export function vendored(name: DescriptionName): string {
  return readFileSync(join(fixtures, `${name}.json`), "utf8");
}

export function vendor(name: DescriptionName): void {
  writeFileSync(join(fixtures, `${name}.json`), freshCut(name));
}

/** The whole description is in the cache, which `npm run openapi` fills. */
export function isCached(name: DescriptionName): boolean {
  return existsSync(cached(name));
}

/** Cut from the whole description in the cache. */
export function freshCut(name: DescriptionName): string {
  const whole: Description = JSON.parse(readFileSync(cached(name), "utf8"));
  return `${JSON.stringify(cut(whole, sources[name].operations), null, 1)}\n`;
}

/** Takes the whole description out of its package: the packages have 800 MB, so that no checkout can depend on them. */
export function download(name: DescriptionName): void {
  const { package: origin, file }: Source = sources[name];
  const target = cached(name);
  mkdirSync(folder(), { recursive: true });
  const scratch = mkdtempSync(join(folder(), "packed-"));
  try {
    execFileSync("npm", ["pack", "--silent", "--pack-destination", scratch, origin], { stdio: "pipe" });
    const fresh = join(scratch, "fresh.json");
    // No package on the way is kept, so that 70 MB do not lie there for ever.
    execFileSync("sh", ["-c", 'tar -xzOf "$1"/*.tgz "package/$2" > "$3"', "sh", scratch, file, fresh]);
    renameSync(fresh, target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function cached(name: DescriptionName): string {
  const version = sources[name].package.split("@").at(-1);
  return join(folder(), `${name}-${version}.json`);
}

function folder(): string {
  return join(process.env["PAWL_CI_CACHE"] ?? join(homedir(), ".cache", "pawl-ci"), "openapi");
}
