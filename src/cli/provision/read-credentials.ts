import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import type { Surroundings } from "../../config/surroundings.ts";
import { Fault } from "../../fault.ts";
import type { CredentialSource } from "./asked.ts";

/** A variable for the worker. The digest stands in for the value wherever something is planned, compared or told. */
export type Credential = { name: string; sha256: string; value: string };

/** @param known the variables that the worker's configuration has a use for */
export async function readCredentials(
  sources: readonly CredentialSource[],
  { around, known }: { around: Surroundings; known: readonly string[] },
): Promise<Credential[]> {
  return Promise.all(
    sources.map(async (source) => {
      const { name } = source;
      if (!known.includes(name)) {
        throw new Fault("USAGE", `No executor of the worker gets the variable ${name}`, {
          hint: `Name it under executors.openclaw.keys in pawl.config.yaml; those it gets are ${known.join(", ") || "none"}.`,
        });
      }
      const value = (source.from === "env" ? around.env[name] : await text(source, around))?.trim() ?? "";
      if (value === "") {
        throw new Fault("USAGE", `${name} has no value`, {
          hint:
            source.from === "env"
              ? `Export it here, or name a file: --credential ${name}=@path.`
              : `${source.path} is empty.`,
        });
      }
      return { name, value, sha256: hash("sha256", value) };
    }),
  );
}

async function text({ path }: { path: string }, { cwd }: Surroundings): Promise<string> {
  return readFile(resolve(cwd, path), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Fault("FILE_NOT_FOUND", `${path} cannot be read (${error.code ?? "?"})`, {
      hint: "Name a file with the value behind the @.",
    });
  });
}
