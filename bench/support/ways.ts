import type { GitRepoOptions } from "../../src/adapters/git/git-repo.ts";
import { startGitHttp } from "../../test/support/git-http.ts";
import { startSshd } from "../../test/support/sshd.ts";

/** How nodes get to a hub on this machine. */
export type Way = {
  name: "file" | "ssh" | "http";
  /** Options for a repository of the folder in which all hubs are. */
  to(hub: string): Pick<GitRepoOptions, "remote" | "sshCommand">;
};

/** All three ways to the hubs below `root`; the servers end with the disposable. */
export async function openWays(root: string): Promise<AsyncDisposable & { ways: Way[] }> {
  const servers = new AsyncDisposableStack();
  const sshd = servers.use(await startSshd());
  const http = servers.use(await startGitHttp(root));
  return {
    ways: [
      { name: "file", to: (hub) => ({ remote: hub }) },
      { name: "ssh", to: (hub) => ({ remote: sshd.address(hub), sshCommand: sshd.command }) },
      { name: "http", to: (hub) => ({ remote: `${http.address}${hub.slice(root.length)}` }) },
    ],
    [Symbol.asyncDispose]: () => servers.disposeAsync(),
  };
}
