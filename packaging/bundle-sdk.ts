/**
 * Puts digitalocean-js, with the axios that our overrides choose, into the one built file that imports it. As a dependency
 * it would bring its users the axios that it asks for itself, of 2021: overrides count only in the project they are in.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Metafile, build } from "esbuild";

const source = "src/adapters/cloud/digitalocean/sdk.ts";
const target = join("dist", source.replace(/\.ts$/, ".js"));

const { metafile } = await build({
  entryPoints: [source],
  outfile: target,
  allowOverwrite: true,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  metafile: true,
  legalComments: "inline",
  // What is bundled is CommonJS, and asks for Node's own modules with require.
  banner: {
    js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
  },
});

writeFileSync(target.replace(/\.js$/, ".licenses.txt"), foldersIn(metafile).map(licenseOf).join("\n\n"));

/** Folders of the packages that went into the bundle. */
function foldersIn({ inputs }: Metafile): string[] {
  const folders = Object.keys(inputs).map((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].toSorted();
}

function licenseOf(folder: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `=== ${name} ${version}, ${license}\n\n${(textIn(folder) ?? `By ${author.name ?? author}; its package has no text of the license.`).trim()}\n`;
}

/** Some packages have the text of their license at the end of the README, and one nowhere. */
function textIn(folder: string): string | undefined {
  const files = readdirSync(folder);
  const file = files.find((one) => /^licen[cs]e(\.|$)/i.test(one));
  if (file !== undefined) return readFileSync(join(folder, file), "utf8");
  const readme = files.find((one) => /^readme(\.|$)/i.test(one));
  const text = readme === undefined ? "" : readFileSync(join(folder, readme), "utf8");
  return /^(#+ *)?\(?(the )?(mit )?license[\s\S]*/im.exec(text)?.[0];
}
