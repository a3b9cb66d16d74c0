import { ask } from "../../support/machine/commands.ts";
import { places } from "../../../provision/places.ts";
import { type Ended, plantedSecrets, type Scene } from "./scene.ts";

/** Where a planted secret was found that should not have come there: in output, files, logs, command lines, the hub. */
export async function secretsIn(scene: Scene, runs: readonly Ended[]): Promise<string[]> {
  const printed = runs.flatMap(({ stdout, stderr }, index) =>
    valuesIn(stdout + stderr).map((secret) => `${secret} in the output of run ${index + 1}`),
  );
  return [
    ...printed,
    ...(await onThisHost(scene)),
    ...(await onTheMachine(scene)),
    ...(await inTheHub(scene)),
  ];
}

function valuesIn(text: string): string[] {
  return Object.entries(plantedSecrets).flatMap(([name, value]) => (text.includes(value) ? [name] : []));
}

async function onThisHost({ folder }: Scene): Promise<string[]> {
  return filesWith((pattern) => ask("sh", ["-c", `grep -rlaE '${pattern}' '${folder}' || true`]));
}

async function inTheHub({ hub }: Scene): Promise<string[]> {
  return filesWith((pattern) =>
    ask("sh", ["-c", `git -C '${hub}' log --all -p --format=%B | grep -aE '${pattern}' || true`]),
  );
}

/** Beside the file that is there to hold it, and the processes that are to have it: the worker and its tasks. */
async function onTheMachine({ machine }: Scene): Promise<string[]> {
  const folders = "/etc /home /opt /root /run /srv /tmp /usr /var";
  const found = await filesWith((pattern) =>
    machine.exec(`grep -rlaE --devices=skip '${pattern}' ${folders} 2>/dev/null || true`),
  );
  const said = await filesWith((pattern) =>
    machine.exec(
      `{ journalctl --no-pager -a; cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'; } | grep -aE '${pattern}' | grep -v 'grep' || true`,
    ),
  );
  const isMeant = (path: string) =>
    path.startsWith(`${places.credentials}/`) || path.startsWith("/run/credentials/");
  return [...found.filter((path) => !isMeant(path)), ...said];
}

async function filesWith(look: (pattern: string) => Promise<string>): Promise<string[]> {
  const found = await look(Object.values(plantedSecrets).join("|"));
  return found.split("\n").filter((line) => line !== "");
}
