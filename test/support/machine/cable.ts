import { ask, run } from "./commands.ts";

export type Cable = AsyncDisposable & {
  /** The host's end, which the machine reaches. */
  gateway: string;
  address: string;
  interface: string;
};

/**
 * A network of two addresses between the host and the network namespace of a process. The name of the interface is what
 * keeps two apart; the kernel takes all of it away when that namespace ends.
 */
export async function layCable(pid: number): Promise<Cable> {
  for (let index = 0; index < 16_384; index++) {
    const name = `pawl-m${index}`;
    const added = await run("ip", words(`link add ${name} type veth peer name eth0 netns ${pid}`));
    if (/File exists/.test(added.stderr) && added.status !== 0) continue;
    if (added.status !== 0) throw new Error(`no cable to a machine: ${added.stderr}`);
    const base = `10.213.${index >> 6}.`;
    const [gateway, address] = [1, 2].map((host) => base + String((index % 64) * 4 + host)) as [
      string,
      string,
    ];
    await ask("ip", words(`addr add ${gateway}/30 dev ${name}`));
    await ask("ip", words(`link set ${name} up`));
    await inNamespace(pid, `addr add ${address}/30 dev eth0`);
    await inNamespace(pid, "link set eth0 up");
    await routeToOthers(pid, gateway);
    return {
      gateway,
      address,
      interface: name,
      async [Symbol.asyncDispose]() {
        await run("ip", words(`link delete ${name}`));
      },
    };
  }
  throw new Error("10.213.0.0/16 has no room left");
}

/** What a machine can reach beside its own gateway: other addresses that tests opened on this host, and nothing else. */
export async function routeToOthers(pid: number, gateway: string): Promise<void> {
  await inNamespace(pid, `route replace 10.213.0.0/16 via ${gateway}`);
}

export async function inNamespace(pid: number, command: string): Promise<void> {
  await ask("nsenter", ["--target", String(pid), "--net", "--", "ip", ...words(command)]);
}

function words(command: string): string[] {
  return command.split(" ");
}
