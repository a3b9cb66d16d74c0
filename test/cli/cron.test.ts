import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { documented, shapeOf } from "../support/cli-page.ts";
import { Desk } from "../support/desk.ts";
import { ScriptedOpenclaw } from "../support/scripted-openclaw.ts";

const config = `# Mine.
remote: ssh://hub.example/hub.git # far away
name: desk
state: state
schedules:
  # The first one.
  tidy-up: { every: 6h, prompt: Tidy up. }
`;

let desk: Desk;
let openclaw: ScriptedOpenclaw;

beforeEach(async () => {
  desk = await Desk.sitDown({ config });
  openclaw = new ScriptedOpenclaw(desk.folder);
  desk.world.openclaw = () => openclaw;
  desk.world.around.timezone = "Europe/Berlin";
});

afterEach(() => desk[Symbol.asyncDispose]());

describe("pawl cron import", () => {
  test("finds what is worth moving, in the shape that its page promises", async () => {
    openclaw.jobs.push(nightly);
    expect(shapeOf(await desk.json("cron", "import"))).toEqual(shapeOf(documented("cron import")));
  });

  test("prints them so that the text may stand in a configuration as it is", async () => {
    openclaw.jobs.push(nightly, { ...heartbeat, name: "A name\nschedules: {}" });
    const { out } = await desk.type("cron", "import");
    expect(out).toContain(
      "# move  Nightly research: is an agent's run of its own, and took 20m the last time\n",
    );
    expect(out).toContain("# keep  A name schedules: {}: belongs to OpenClaw itself\n");
    const other = join(desk.folder, "other.yaml");
    await writeFile(other, `remote: ssh://h/x.git\n${out}`);
    expect(await desk.json("schedule", "--config", other)).toMatchObject({
      schedules: [{ name: "nightly-research", rhythm: "0 3 * * * (Europe/Berlin)" }],
    });
  });

  test("adds them to the configuration, whose comments stay, once", async () => {
    openclaw.jobs.push(nightly);
    const { code, err } = await desk.type("cron", "import", "--write");
    expect(code).toBe(0);
    expect(err).toContain(`openclaw cron disable ${nightly.id}`);
    const after = await written();
    expect(after).toContain("# Mine.\nremote: ssh://hub.example/hub.git # far away\n");
    expect(after).toContain("  # The first one.\n  tidy-up:");
    expect((await desk.json("schedule"))["schedules"]).toHaveLength(2);

    expect(await desk.json("cron", "import", "--write")).toMatchObject({
      jobs: [{ move: false, why: "is the schedule nightly-research already" }],
      written: null,
    });
    expect(await written()).toBe(after);
  });

  test("changes nothing where nothing moves", async () => {
    openclaw.jobs.push(heartbeat);
    expect((await desk.type("cron", "import", "--write")).out).toContain("# Nothing is worth moving.");
    expect(await written()).toBe(config);
  });

  test("changes nothing where a prompt has a secret in it", async () => {
    const key = `sk-ant-api03-${"Zm9v".repeat(20)}`;
    openclaw.jobs.push({ ...nightly, payload: { ...nightly.payload, message: `Use ${key} for it.` } });
    for (const options of [[], ["--write"]]) {
      const { code, out, err } = await desk.type("cron", "import", ...options);
      expect({ code, out }).toEqual({ code: 3, out: "" });
      expect(err).toContain("pawl.config.yaml with these schedules:12:13: this value looks like a secret");
      expect(err).not.toContain(key);
    }
    expect(await written()).toBe(config);
  });

  test("reads a crontab where there is no OpenClaw", async () => {
    openclaw.isThere = false;
    desk.stdin =
      "CRON_TZ=Asia/Tokyo\n0 7 * * 1 claude -p 'Review the week' >> /tmp/log 2>&1\n0 2 * * * restic backup /\n";
    expect(await desk.json("cron", "import", "--crontab", "-")).toMatchObject({
      jobs: [
        { from: { kind: "crontab", line: 2 }, move: true, schedule: "review-the-week" },
        { from: { line: 3 }, move: false, why: "runs a command on this machine" },
      ],
      schedules: {
        "review-the-week": {
          cron: "0 7 * * 1",
          timezone: "Asia/Tokyo",
          prompt: "Review the week",
          executor: "claude",
        },
      },
    });
  });

  test.each<[string, string[], () => void, number, string]>([
    ["without OpenClaw", [], () => (openclaw.isThere = false), 1, "OPENCLAW_MISSING"],
    ["while no Gateway runs", [], () => (openclaw.isGatewayUp = false), 75, "GATEWAY_UNREACHABLE"],
    ["of a crontab that is not there", ["--crontab", "nowhere"], () => undefined, 4, "FILE_NOT_FOUND"],
  ])("says what is missing %s", async (_, more, spoil, exit, fault) => {
    spoil();
    const { code, err } = await desk.type("cron", "import", ...more);
    expect({ code, err }).toEqual({ code: exit, err: expect.stringContaining(`[${fault}]`) as string });
  });
});

function written(): Promise<string> {
  return readFile(join(desk.folder, "pawl.config.yaml"), "utf8");
}

const nightly = {
  id: "a30a54d8-89b7-4569-92e7-431ee5069416",
  name: "Nightly research",
  enabled: true,
  schedule: { kind: "cron", expr: "0 3 * * *", tz: "Europe/Berlin" },
  sessionTarget: "isolated",
  payload: { kind: "agentTurn", message: "Compare the offers in ~/offers/list.md.", timeoutSeconds: 1800 },
  delivery: { mode: "none", channel: "last" },
  state: { lastDurationMs: 1_200_000 },
};

const heartbeat = {
  id: "3bf28de7-0ccf-469d-b69c-75fbdde2e7ab",
  declarationKey: "heartbeat:main",
  name: "heartbeat-main",
  enabled: true,
  schedule: { kind: "every", everyMs: 1_800_000 },
  sessionTarget: "main",
  payload: { kind: "heartbeat" },
};
