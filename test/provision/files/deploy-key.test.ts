import { expect, test } from "vitest";

import { places } from "../../../provision/places.ts";
import { machinesBootHere } from "../../support/machine/here.ts";
import { Machine } from "../../support/machine/machine.ts";
import { SteppedMachine } from "./stepped-machine.ts";

test.runIf(machinesBootHere())(
  "no link that the worker's user has put beside its key is followed by root",
  { tags: ["droplet", "slow"] },
  async () => {
    await using machine = await Machine.boot({ name: "keys", authorizedKey: "none" });
    const on = new SteppedMachine(machine);
    await on.step("user", {});
    await on.step("deploy-key", { comment: "w" });
    const [key, trap] = [places.deployKey, "/root/trap"];
    const secret = `${places.credentials}/OPENAI_API_KEY`;
    const asUser = `setpriv --reuid ${places.user} --regid ${places.user} --clear-groups`;
    await machine.exec(`echo a-secret >${secret}; chmod 600 ${secret}; mkdir -p ${trap}
      mv ${key}.pub ${key}.kept; ${asUser} ln -s ${secret} ${key}.pub`);
    expect((await on.probe()).deployKey).toBeUndefined();
    expect(await on.step("deploy-key", { comment: "w" })).toMatch(/^ssh-ed25519 /);
    expect(await machine.exec(`stat -c %F ${key}.pub; cat ${secret}; rm ${secret}`)).toBe(
      "regular file\na-secret",
    );

    const next = (await on.step("deploy-key-next", { comment: "w" })).trim();
    await machine.exec(`${asUser} cp ${key}.next.pub ${key}.proven; mv ${key} ${key}.kept
      ${asUser} ln -s ${trap} ${key}`);
    await on.step("deploy-key-switch", {});
    expect(await machine.exec(`ls -A ${trap}; stat -c %F ${key}`)).toBe("regular file");
    expect((await on.probe()).deployKey?.publicKey).toBe(next);
    await machine.exec(`rm -rf ${key}.kept ${trap}`);
  },
);
