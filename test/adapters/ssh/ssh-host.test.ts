import { userInfo } from "node:os";

import { afterAll, beforeAll, describe } from "vitest";

import { openHost } from "../../../src/adapters/ssh/open-host.ts";
import { describeRemoteHost } from "../../contracts/remote-host.ts";
import { needs } from "../../support/require.ts";
import { approachTo, rootOn } from "../../support/ssh-approach.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

const isHere = needs("sshd", "openssh-server") && userInfo().uid === 0;

describe.skipIf(!isHere)("with a real sshd", () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => sshd[Symbol.asyncDispose]());

  describeRemoteHost("ssh", async () => openHost(rootOn(sshd), approachTo(sshd)));
});
