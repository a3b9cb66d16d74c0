import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ask } from "./commands.ts";

/** An npm package that a test made, served in place of the real one. */
export type StandIn = { name: string; version: string; manifest: Record<string, unknown>; tarball: Buffer };

/**
 * `program` becomes the package's command of the same name; its first line says what runs it. `postinstall`: a shell
 * command that npm runs when it has unpacked the package.
 */
export async function standIn(
  name: string,
  version: string,
  { program, postinstall }: { program: string; postinstall?: string | undefined },
): Promise<StandIn> {
  const manifest = {
    name,
    version,
    bin: { [name]: "program" },
    ...(postinstall !== undefined && { scripts: { postinstall }, hasInstallScript: true }),
  };
  const folder = await mkdtemp(join(tmpdir(), "pawl-stand-in-"));
  try {
    const files = { "package/package.json": JSON.stringify(manifest), "package/program": program };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text, { mode: 0o755 });
    }
    await ask("tar", ["-czf", join(folder, "package.tgz"), "-C", folder, "package"]);
    return { name, version, manifest, tarball: await readFile(join(folder, "package.tgz")) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the registry says of it. */
export function packument({ name, version, manifest, tarball }: StandIn, tarballUrl: string): object {
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const dist = { tarball: tarballUrl, integrity, shasum: createHash("sha1").update(tarball).digest("hex") };
  return { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
