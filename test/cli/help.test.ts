import { describe, expect, test } from "vitest";

import { Desk } from "../support/desk.ts";

describe("the help", () => {
  test.each([
    [["help", "hub", "init"], 0, "Usage: pawl hub init [options] <folder>"],
    [["help", "submit"], 0, "Usage: pawl submit"],
    [["help"], 0, "Usage: pawl [options]"],
    [["help", "sbmit"], 2, "Unknown command 'sbmit'\nDid you mean submit? [USAGE]\n"],
    [["hub"], 2, "Usage: pawl hub [options] [command]"],
    [["config"], 2, "Usage: pawl config [options] [command]"],
  ])("answers %j and exits with %d", async (args, exit, said) => {
    await using desk = await Desk.sitDown();
    const { code, out, err } = await desk.type(...args);
    expect(code).toBe(exit);
    expect(exit === 0 ? out : err).toMatch(new RegExp(`^${said.replace(/[[\]?]/g, "\\$&")}`));
    expect(err).not.toContain("(outputHelp)");
  });
});
