import { afterAll } from "vitest";

import { describeSharedRepo } from "../../contracts/shared-repo.ts";
import { startGitHttp } from "../../support/git-http.ts";
import { Repos } from "../../support/repos.ts";
import { needs } from "../../support/require.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

describeSharedRepo("git over a path", () => Repos.make(), ["slow"]);

if (needs("sshd", "openssh-server")) {
  let started: Promise<Sshd> | undefined;
  afterAll(async () => (await started)?.[Symbol.asyncDispose]());
  describeSharedRepo(
    "git over ssh",
    async () => {
      const [repos, sshd] = [await Repos.make(), await (started ??= startSshd())];
      return {
        open: (name) => repos.open(name, { remote: sshd.address(repos.hub), sshCommand: sshd.command }),
        plant: (files, links) => repos.plant(files, links),
        rewind: () => repos.rewind(),
        rewindTo: (commit) => repos.rewindTo(commit),
        lockBeat: (worker) => repos.lockBeat(worker),
        bytes: (path) => repos.bytes(path),
        async [Symbol.asyncDispose]() {
          await repos[Symbol.asyncDispose]();
        },
      };
    },
    ["slow"],
  );
}

if (needs("git-http-backend", "git")) {
  describeSharedRepo(
    "git over HTTP",
    async () => {
      const repos = await Repos.make();
      const host = await startGitHttp(repos.folder);
      return {
        open: (name) => repos.open(name, { remote: `${host.address}/hub.git` }),
        plant: (files, links) => repos.plant(files, links),
        rewind: () => repos.rewind(),
        rewindTo: (commit) => repos.rewindTo(commit),
        lockBeat: (worker) => repos.lockBeat(worker),
        bytes: (path) => repos.bytes(path),
        async [Symbol.asyncDispose]() {
          await repos[Symbol.asyncDispose]();
          await host[Symbol.asyncDispose]();
        },
      };
    },
    ["slow"],
  );
}
