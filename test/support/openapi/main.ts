/** `npm run openapi`: fills the cache, and with `--write` cuts what lies in the checkout anew. */
import { download, isCached, vendor } from "./descriptions.ts";
import { type DescriptionName, sources } from "./sources.ts";

for (const name of Object.keys(sources) as DescriptionName[]) {
  if (!isCached(name)) download(name);
  if (process.argv.includes("--write")) vendor(name);
  console.log(`${name}: ${sources[name].package}, ${sources[name].operations.length} operations`);
}
