import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Puts a shell script of this name in front of the real one. Returns what to set PATH to. */
export function inPlaceOf(program: string, script: string, folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, program), 0o755);
  return `${bin}:${process.env["PATH"]}`;
}
