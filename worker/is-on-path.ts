import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a program can be started by this name, where PATH is `searchPath`. */
export function isOnPath(program: string, searchPath: string): boolean {
  if (program.includes("/")) return isExecutable(program);
  return searchPath.split(delimiter).some((folder) => folder !== "" && isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
