import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Whether this machine has a program that a suite cannot do without. A suite that is skipped says so in one line; where
 * PAWL_REQUIRE_ALL=1 it is an error instead.
 */
export function needs(program: string, debianPackage: string): boolean {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/lib/git-core"];
  if (folders.some((folder) => existsSync(join(folder, program)))) return true;
  const say = `skipped: there is no ${program} here (Debian package ${debianPackage})`;
  if (process.env["PAWL_REQUIRE_ALL"] === "1") throw new Error(say);
  console.warn(say);
  return false;
}
