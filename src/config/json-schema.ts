import * as z from "zod";

import { ConfigFile } from "./schema.ts";

/** For editors: what may stand in pawl.config.yaml. */
export function configJsonSchema(): object {
  return { title: "pawl.config.yaml", ...z.toJSONSchema(ConfigFile, { io: "input" }) };
}
