import { writeFileSync } from "node:fs";

import { schemaFile, schemaText } from "./make-schema.ts";

// After an update of @grammyjs/types: node test/support/telegram-server/write-schema.ts
writeFileSync(schemaFile, schemaText());
