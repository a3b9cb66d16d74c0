import { describe, expect, test } from "vitest";

import { machinesBootHere } from "./here.ts";
import { Machine } from "./machine.ts";
import { openOutside } from "./outside.ts";
import { standIn } from "./stand-in.ts";

describe.runIf(machinesBootHere())("what machines reach", { tags: ["droplet", "slow"] }, () => {
  test("has Node, packages of npm, and stand-ins for those", async () => {
    const program = '#!/bin/sh\necho "OpenClaw 2026.9.6 (stand-in)"\n';
    await using outside = await openOutside({
      standIns: [await standIn("openclaw", "2026.9.6", { program })],
    });
    await using machine = await Machine.boot({ authorizedKey: "none" });
    const { version, arch } = process;
    const name = `node-${version}-linux-${arch}`;
    const fetched = await machine.exec(`set -e
      curl -fsS -o /node.tar.xz ${outside.nodeMirror}/${version}/${name}.tar.xz
      sha256sum /node.tar.xz
      tar -xf /node.tar.xz -C /opt
      ln -s /opt/${name}/bin/* /usr/local/bin
      node --version`);
    expect(fetched).toBe(`${outside.nodeSha256}  /node.tar.xz\n${version}`);
    const installed = await machine.exec(`set -e
      npm install --global --loglevel=error --registry=${outside.registry} --prefix /opt/things openclaw@2026.9.6 croner@11.0.1
      /opt/things/bin/openclaw
      ls /opt/things/lib/node_modules`);
    expect(installed).toMatch(/OpenClaw 2026.9.6 \(stand-in\)\ncroner\nopenclaw$/);
    expect(outside.asked).toContain("GET /npm/croner");
  });

  test("has the packages of Debian, and no other host", async () => {
    await using outside = await openOutside();
    await using machine = await Machine.boot({
      authorizedKey: "none",
      bare: true,
      aptProxy: outside.aptProxy,
    });
    await machine.exec("apt-get update -qq && apt-get install -y -qq --no-install-recommends curl");
    const { stdout } = await machine.run(
      `curl -s -o /dev/null -w '%{http_code}' --proxy ${outside.aptProxy} http://192.0.2.1/`,
    );
    expect(stdout).toBe("403");
  });
});
