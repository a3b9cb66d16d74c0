import { places } from "../../../provision/places.ts";
import { ask } from "../../support/machine/commands.ts";
import { type Ended, plantedSecrets, type Scene } from "./scene.ts";

const folders = "/etc /home /opt /root /run /srv /tmp /usr /var";
const input = Object.values(plantedSecrets).join("\n");

/**
 * Where a planted secret was found that should not have come there: in output, files, logs, command lines, the hub. The
 * patterns go to `grep` on standard input, or it would find itself.
 */
export async function secretsIn(scene: Scene, runs: readonly Ended[]): Promise<string[]> {
  const { folder, hub, machine } = scene;
  const here = await ask("sh", ["-c", `grep -rlaF -f - '${folder}' || true`], { input });
  const there = await machine.exec(`grep -rlaF --devices=skip -f - ${folders} 2>/dev/null || true`, {
    input,
  });
  const commits = await ask("git", ["-C", hub, "log", "--all", "--patch", "--text", "--format=%B"]);
  const told = await machine.exec("journalctl --no-pager --all; cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
  return [
    ...runs.flatMap(({ stdout, stderr }, index) => naming(`output of run ${index + 1}`, stdout + stderr)),
    ...lines(here),
    ...lines(there).filter((path) => !isMeant(path)),
    ...naming("the hub's history", commits),
    ...naming("the machine's journal or its processes", told),
  ];
}

/** The files that are there to hold one. */
function isMeant(path: string): boolean {
  return path.startsWith(`${places.credentials}/`) || path.startsWith("/run/credentials/");
}

function naming(where: string, text: string): string[] {
  return Object.entries(plantedSecrets).flatMap(([name, value]) =>
    text.includes(value) ? [`${where}: ${name}`] : [],
  );
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
