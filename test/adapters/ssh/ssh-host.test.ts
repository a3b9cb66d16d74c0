import { readFileSync } from "node:fs";
import { join } from "node:path";
import { userInfo } from "node:os";

import { afterAll, beforeAll, describe } from "vitest";

import { openHost } from "../../../src/adapters/ssh/open-host.ts";
import { realClock } from "../../../src/adapters/time/real-clock.ts";
import { knownHostKeys } from "../../../src/format/known-hosts.ts";
import { describeRemoteHost } from "../../contracts/remote-host.ts";
import { needs } from "../../support/require.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

const isHere = needs("sshd", "openssh-server") && userInfo().uid === 0;

describe.skipIf(!isHere)("with a real sshd", () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => sshd[Symbol.asyncDispose]());

  describeRemoteHost("ssh", async () =>
    openHost(
      { user: "root", address: "127.0.0.1", port: sshd.port },
      {
        identities: [
          { from: "the test's key", is: { privateKey: readFileSync(join(sshd.folder, "user"), "utf8") } },
        ],
        trust: knownHostKeys(sshd.knownHostsLine, "127.0.0.1", sshd.port),
        clock: realClock,
      },
    ),
  );
});
