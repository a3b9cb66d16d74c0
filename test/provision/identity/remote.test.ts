import { describe, expect, test } from "vitest";

import { readRemote } from "../../../provision/identity/remote.ts";
import { Fault } from "../../../src/fault.ts";

describe("the address of a coordination repository", () => {
  test.each<[string, string, string, number, string?]>([
    ["git@github.com:o/n.git", "git@github.com:o/n.git", "github.com", 22, "o/n"],
    ["git@github.com:o/n", "git@github.com:o/n", "github.com", 22, "o/n"],
    ["github.com:o/n.git", "github.com:o/n.git", "github.com", 22, "o/n"],
    ["https://github.com/o/n", "git@github.com:o/n.git", "github.com", 22, "o/n"],
    ["https://GitHub.com/o/n.git/", "git@github.com:o/n.git", "github.com", 22, "o/n"],
    ["ssh://git@github.com/o/n.git", "ssh://git@github.com/o/n.git", "github.com", 22, "o/n"],
    ["git+ssh://git@a.example/o/n", "ssh://git@a.example/o/n", "a.example", 22, "o/n"],
    ["ssh://git@10.0.0.1:2222/srv/o/n.git", "ssh://git@10.0.0.1:2222/srv/o/n.git", "10.0.0.1", 2222, "o/n"],
    ["ssh://me@[fe80::1]:22/~/o/n.git", "ssh://me@[fe80::1]/~/o/n.git", "fe80::1", 22, "o/n"],
    ["hub:coordination.git", "hub:coordination.git", "hub", 22],
    ["git@host:../n.git", "git@host:../n.git", "host", 22],
  ])("%s is %s on a worker", (text, address, host, port, repository) => {
    const read = readRemote(text);
    expect(read).toMatchObject({ address, host, port });
    const { owner, name } = read.repository ?? {};
    expect(owner === undefined ? undefined : `${owner}/${name}`).toBe(repository);
  });

  test.each([
    ["-oProxyCommand=touch /tmp/x", /space/],
    ["-oProxyCommand=x:y", /option/],
    ["--upload-pack=x", /option/],
    ["-x@host:o/n", /option/],
    ["git@-oProxyCommand=x:o/n", /host "-oProxyCommand=x"/],
    ["ssh://-oProxyCommand=x/o/n", /host "-oProxyCommand=x"/],
    ["ssh://-oProxyCommand=x@host/o/n", /user "-oProxyCommand/],
    ["git@host:-o/n", /path "-o\/n"/],
    ["git@host:o/n;reboot", /path/],
    ["git@host:o/$(reboot)", /path/],
    ["git@host:o/n'", /path/],
    ["git@host:o/n\nx", /space/],
    ["git@host:o/n\u0000", /space/],
    ["git@host:o/\u202en", /space/],
    ["ext::sh -c x", /space/],
    ["ext::sh", /path ":sh"/],
    ["git://github.com/o/n.git", /git:\/\//],
    ["http://github.com/o/n.git", /http:\/\//],
    ["https://github.com:8443/o/n.git", /by ssh/],
    ["https://github.com/o", /by ssh/],
    ["https://github.com/o/n/tree/main", /by ssh/],
    ["ssh://host", /path ""/],
    ["ssh://%2doProxy/o/n", /host/],
    ["/srv/hub.git", /folder of this machine/],
    ["./hub.git", /folder of this machine/],
    ["hub", /folder of this machine/],
    ["file:///srv/hub.git", /folder of this machine/],
    ["~/hub:x.git", /folder of this machine/],
    ["", /folder of this machine/],
  ])("is not %j", (text, why) => {
    expect(() => readRemote(text)).toThrow(why);
    expect(() => readRemote(text)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });

  test.each([
    "https://ghp_Marked7secret@github.com/o/n.git",
    "https://me:Marked7secret@github.com/o/n.git",
    "ssh://me:Marked7secret@github.com/o/n.git",
    "https://github.com/o/n.git?token=Marked7secret",
    "https://github.com:x:Marked7secret/o/n",
    "https://Marked7secret @github.com/o/n",
  ])("is not repeated with a secret in it", (text) => {
    const { code, message, hint } = refusalOf(text);
    expect([code, message, hint].join()).not.toContain("Marked7secret");
  });
});

function refusalOf(text: string): Fault {
  try {
    readRemote(text);
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error(`${text} was taken`);
}
