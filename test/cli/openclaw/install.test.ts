import { appendFile, chmod, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { documented, shapeOf } from "../../support/cli-page.ts";
import { Desk } from "../../support/desk.ts";
import { ScriptedOpenclaw } from "../../support/scripted-openclaw.ts";

let desk: Desk;
let openclaw: ScriptedOpenclaw;
let skill: string;
let heartbeat: string;

beforeEach(async () => {
  desk = await Desk.sitDown();
  const workspace = join(desk.folder, "workspace");
  const bin = join(desk.folder, "bin");
  await mkdir(workspace);
  await mkdir(bin);
  await writeFile(join(bin, "pawl"), "#!/bin/sh\n");
  await chmod(join(bin, "pawl"), 0o755);
  openclaw = new ScriptedOpenclaw(workspace);
  desk.world.openclaw = () => openclaw;
  desk.world.around.env = { PATH: bin };
  skill = join(workspace, "skills", "pawl", "SKILL.md");
  heartbeat = join(workspace, "HEARTBEAT.md");
});

afterEach(() => desk[Symbol.asyncDispose]());

describe("pawl openclaw install", () => {
  test("writes the skill and adds the automation, and says so in the shape that its page promises", async () => {
    const answer = await desk.json("openclaw", "install");
    expect(shapeOf(answer)).toEqual(shapeOf(documented("openclaw install")));
    const config = join(desk.folder, "pawl.config.yaml");
    expect(await text(skill)).toContain(`pawl show <id> --config ${config}`);
    expect(openclaw.jobs).toMatchObject([
      {
        declarationKey: "pawl.results",
        sessionTarget: "main",
        wakeMode: "now",
        schedule: {
          command: [
            join(desk.folder, "bin", "pawl"),
            "watch",
            "--ndjson",
            "--for",
            "openclaw",
            "--config",
            config,
          ],
        },
      },
    ]);
  });

  test("changes nothing when it is run again", async () => {
    await desk.type("openclaw", "install");
    expect(await desk.json("openclaw", "install")).toMatchObject({
      changed: [],
      left: [{ what: skill }, { what: expect.stringContaining("automation") as string }],
      stuck: [],
    });
    expect(openclaw.asked.filter(([, verb]) => verb === "add")).toHaveLength(3);
    expect(openclaw.jobs).toHaveLength(1);
  });

  test("has the agent woken by lines that tell of tasks, and by no complaint", async () => {
    await desk.type("openclaw", "install");
    const { match } = openclaw.jobs[0]!["schedule"] as { match: string };
    expect('{"task":"T-20261121-7k3qx","outcome":"succeeded"}').toMatch(new RegExp(match));
    expect("The remote cannot be reached [REMOTE_UNAVAILABLE]").not.toMatch(new RegExp(match));
  });

  test("shows what it would do, and does nothing of it, with --dry-run", async () => {
    const { code, out } = await desk.type("openclaw", "install", "--dry-run");
    expect(code).toBe(0);
    expect(out).toContain(`would  write ${skill}`);
    expect(out).toContain("       +name: pawl\n");
    expect(await text(skill)).toBeUndefined();
    expect(openclaw.jobs).toEqual([]);
  });

  test("describes the skill in no more words than OpenClaw takes", async () => {
    await desk.type("openclaw", "install");
    const [, description = ""] = /^description: (.*)$/m.exec((await text(skill)) ?? "") ?? [];
    expect(description).toMatch(/work.*result.*owner/);
    expect(description.length).toBeLessThan(160);
  });

  test("keeps what a person has changed, beside it and in sight", async () => {
    await desk.type("openclaw", "install");
    const changed = ((await text(skill)) ?? "").replace("No secrets.", "No secrets, and in Dutch.");
    await writeFile(skill, changed);
    const { out } = await desk.type("openclaw", "install");
    expect(out).toContain("-result is to look like, and what is out of bounds. No secrets, and in Dutch.");
    expect(out).toContain(`kept as ${skill}.before-pawl\n`);
    expect(await text(skill)).not.toContain("Dutch");
    expect(await text(`${skill}.before-pawl`)).toBe(changed);
  });

  test("keeps what a person has written below the end", async () => {
    await desk.type("openclaw", "install");
    await appendFile(skill, "\n\nAsk for a table.\n");
    await desk.type("openclaw", "install");
    expect(await text(`${skill}.before-pawl`)).toContain("Ask for a table.");
  });

  test("tells what it has done where OpenClaw refuses the rest", async () => {
    openclaw.refuses = "add";
    const { code, out, err } = await desk.type("openclaw", "install");
    expect(code).toBe(1);
    expect(out).toContain(`did  write ${skill}`);
    expect(out).toContain("stuck  add the automation");
    expect(err).toMatch(/triggers are disabled[^]*\[OPENCLAW_FAILED\]/);
  });

  test("keeps each of several changes once", async () => {
    for (const mine of ["one", "two", "two", "one"]) {
      await mkdir(join(skill, ".."), { recursive: true });
      await writeFile(skill, mine);
      await desk.type("openclaw", "install");
    }
    expect((await readdir(join(skill, ".."))).toSorted()).toEqual([
      "SKILL.md",
      "SKILL.md.before-pawl",
      "SKILL.md.before-pawl.2",
    ]);
  });

  test("replaces a skill of its own for another configuration without a copy", async () => {
    await desk.type("openclaw", "install");
    const other = join(desk.folder, "other place.yaml");
    await writeFile(other, "remote: ssh://hub.example/other.git\n");
    const answer = await desk.json("openclaw", "install", "--config", other);
    expect(answer).toMatchObject({
      changed: [{ copy: null }, { what: expect.stringMatching(/^correct/) as string }],
    });
    expect(await text(skill)).toContain(`pawl queue --config '${other}'`);
    expect(openclaw.jobs).toHaveLength(1);
  });

  test("leaves an automation off that a person has switched off, and says how to switch it on", async () => {
    await desk.type("openclaw", "install");
    Object.assign(openclaw.jobs[0]!, { enabled: false });
    expect((await desk.type("openclaw", "install")).out).toContain("openclaw cron enable job-1");
    expect(openclaw.jobs[0]).toMatchObject({ enabled: false });
  });

  test("gives an old OpenClaw a part of HEARTBEAT.md, and takes it back when there are streams", async () => {
    Object.assign(openclaw, { version: "2026.5.2", hasStreams: false });
    await writeFile(heartbeat, "# Each half hour\n\n- look at the mail");
    await desk.type("openclaw", "install");
    const withPart = (await text(heartbeat)) ?? "";
    expect(withPart).toMatch(
      /^# Each half hour\n\n- look at the mail\n\n<!-- pawl:begin -->\n[^]*pawl heartbeat --config/,
    );
    expect(await text(`${heartbeat}.before-pawl`)).toBe("# Each half hour\n\n- look at the mail");
    expect(await desk.json("openclaw", "install")).toMatchObject({ changed: [] });

    Object.assign(openclaw, { version: "2026.9.6", hasStreams: true });
    await desk.type("openclaw", "install");
    expect(await text(heartbeat)).toBe("# Each half hour\n\n- look at the mail\n");
    expect(openclaw.jobs).toHaveLength(1);
  });

  test("does what it can without the Gateway, and says what is left to do", async () => {
    openclaw.isGatewayUp = false;
    const { code, out, err } = await desk.type("openclaw", "install");
    expect(code).toBe(75);
    expect(out).toContain(`did  write ${skill}`);
    expect(out).toContain("stuck  add the automation");
    expect(err).toContain("Gateway not reachable at ws://127.0.0.1:18931 (ECONNREFUSED)");
    expect(err).toContain("[GATEWAY_UNREACHABLE]");
    expect(err).toContain("openclaw gateway run");
    openclaw.isGatewayUp = true;
    expect(await desk.type("openclaw", "install")).toMatchObject({ code: 0 });
    expect(openclaw.jobs).toHaveLength(1);
  });

  test.each<[string, () => void, string]>([
    ["there is no openclaw", () => (openclaw.isThere = false), "OPENCLAW_MISSING"],
    ["there is no pawl for it", () => (desk.world.around.env = { PATH: "/nowhere" }), "NOT_ON_PATH"],
    ["no way to hear of results", () => (openclaw.hasStreams = false), "OPENCLAW_TOO_OLD"],
    ["it is another program", () => (openclaw.version = "of the zoo"), "OPENCLAW_FAILED"],
  ])("changes nothing when %s", async (_, spoil, fault) => {
    spoil();
    const { code, err } = await desk.type("openclaw", "install");
    expect(code).toBe(1);
    expect(err).toContain(`[${fault}]`);
    expect(await text(skill)).toBeUndefined();
  });

  test("refuses a workspace that is not there", async () => {
    const { code, err } = await desk.type("openclaw", "install", "--workspace", "nowhere");
    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining("There is no folder") as string });
  });
});

describe("pawl openclaw uninstall", () => {
  test("takes back all that install did", async () => {
    await desk.type("openclaw", "install");
    await desk.type("openclaw", "uninstall");
    expect(await readdir(join(skill, "../.."))).toEqual([]);
    expect(openclaw.jobs).toEqual([]);
    expect(await desk.json("openclaw", "uninstall")).toMatchObject({ changed: [], stuck: [] });
  });

  test("keeps a skill that a person has changed, where no agent takes it for one", async () => {
    await desk.type("openclaw", "install");
    await writeFile(skill, "mine\n");
    await desk.type("openclaw", "uninstall");
    expect(await readdir(join(skill, ".."))).toEqual(["SKILL.md.before-pawl"]);
  });

  test("removes a HEARTBEAT.md in which nothing else stands", async () => {
    Object.assign(openclaw, { version: "2026.5.2", hasStreams: false });
    await desk.type("openclaw", "install");
    expect(await text(heartbeat)).toContain("pawl heartbeat");
    await desk.type("openclaw", "uninstall");
    expect(await text(heartbeat)).toBeUndefined();
  });
});

function text(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
