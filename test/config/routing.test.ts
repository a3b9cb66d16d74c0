import { describe, expect, test } from "vitest";

import { readConfigText } from "../../src/config/read-config-text.ts";
import { secretValues } from "../../src/config/secret-values.ts";
import { Fault } from "../../src/fault.ts";
import { networks, routingOf } from "../support/routing.ts";

describe("the routing of a configuration", () => {
  test("needs nothing but who the owner is and where the channels are", () => {
    const { destinations, people, owner, telegram, discord, rules } = routingOf();
    expect(destinations["owner"]).toEqual({
      kind: "telegram",
      chat: 4242,
      person: "owner",
      fallback: "alerts",
    });
    expect(destinations["results"]).toEqual({
      kind: "discord",
      channel: { name: "sub-agent-results", id: undefined },
      mention: false,
      fallback: "system",
    });
    expect(people[owner]).toMatchObject({ telegram: 4242, discord: "223344556677889900" });
    expect(telegram).toEqual({
      token: { env: "TELEGRAM_BOT_TOKEN" },
      owner: 4242,
      chat: 4242,
      apiRoot: undefined,
    });
    expect(discord?.token).toEqual({ env: "DISCORD_BOT_TOKEN" });
    expect(rules.at(-1)).toMatchObject({ name: "rest", to: ["system"] });
  });

  test("needs no network at all: the same names are pages, and the owner's is on the terminal too", () => {
    const { destinations, rules } = routingOf("");
    expect(destinations["owner"]).toMatchObject({ kind: "file", page: "owner.md" });
    expect(destinations["alerts"]).toMatchObject({ kind: "file", page: "#alerts.md", fallback: "system" });
    const alerts = destinations["alerts"];
    expect(alerts?.kind === "file" && alerts.folder).toMatch(/^\/state\/hub-[0-9a-f]{8}\/channels$/);
    expect(rules.find(({ name }) => name === "needs-owner")?.to).toEqual(["owner", "console"]);
  });

  test("with Discord alone mentions the owner among the alerts, and says nothing twice there", () => {
    const { destinations } = routingOf('discord: { guild: "112233445566778899" }\n');
    expect(destinations["owner"]).toMatchObject({
      kind: "discord",
      channel: { name: "alerts" },
      mention: true,
    });
  });

  test("finds the id of a channel under its name or under what the rules call it", () => {
    const ids =
      '{ results: "334455667788990011", memory-updates: "334455667788990012", ops: "334455667788990013" }';
    const { destinations } = routingOf(`
discord: { guild: "112233445566778899", channels: ${ids} }
routing:
  destinations:
    ops: { kind: discord, channel: ops }
    other: { kind: discord, channel: "334455667788990014" }
    more: { kind: discord, channel: results }
`);
    const ofChannel = (name: string) => {
      const one = destinations[name];
      return one?.kind === "discord" ? one.channel : undefined;
    };
    expect(ofChannel("results")).toEqual({ name: "sub-agent-results", id: "334455667788990011" });
    expect(ofChannel("memory")).toEqual({ name: "memory-updates", id: "334455667788990012" });
    expect(ofChannel("ops")).toEqual({ name: "ops", id: "334455667788990013" });
    expect(ofChannel("other")?.id).toBe("334455667788990014");
    expect(ofChannel("more")?.id).toBe("334455667788990011");
  });

  test("lets the usual fallback give in where somebody goes the other way", () => {
    const { destinations } = routingOf(
      `${networks}routing: { destinations: { system: { kind: console, fallback: owner } } }\n`,
    );
    const chain = ["owner", "alerts", "system"].map((name) => destinations[name]?.fallback);
    expect(chain).toEqual([undefined, "system", "owner"]);
    const later = routingOf(
      "routing: { destinations: { system: { kind: console, fallback: chat } } }\n",
    ).destinations;
    expect(["system", "chat"].map((name) => later[name]?.fallback)).toEqual(["chat", undefined]);
  });

  test("gives the owner's name to the person who has the owner's number, or no number", () => {
    expect(
      routingOf(
        "telegram: { owner: 7 }\nrouting: { people: { bea: { telegram: 8 }, cy: { telegram: 7 } } }\n",
      ).owner,
    ).toBe("cy");
    const named = routingOf("telegram: { chat: 7 }\nrouting: { people: { dora: {} } }\n");
    expect([named.owner, named.people["dora"]?.telegram]).toEqual(["dora", 7]);
    expect(routingOf("telegram: { owner: 7 }\nrouting: { people: { bea: { telegram: 8 } } }\n").owner).toBe(
      "owner",
    );
  });

  test("puts the rules that hold anyway where they are included", () => {
    const { rules } = routingOf(
      `routing: { rules: [{ when: { category: chat }, to: system }, { include: defaults }] }\n`,
    );
    expect(rules.map(({ name }) => name).slice(0, 2)).toEqual(["rule-1", "critical"]);
    expect(rules).toHaveLength(14);
  });

  test("takes every setting of a rule and of a destination", () => {
    const { rules, digests, destinations, inhibit, quietHours, timezone } = routingOf(`
routing:
  timezone: America/New_York
  quietHours: off
  digests: { evening: { at: "18:00" }, often: { every: 10m } }
  destinations:
    mail: { kind: command, argv: [mail, you@example.org], timeout: 1m, fallback: system }
    hook: { kind: webhook, url: "https://example.org/hook", secret: { env: HOOK_KEY } }
    old: { kind: discord-webhook, url: { file: hook-url } }
    page: { kind: file, folder: pages, page: mine.md }
    nothing: { kind: ledger }
  inhibit: [{ while: { category: outage, subject: "net:*" }, hides: { category: "x.*" }, label: net }]
  rules:
    - name: all
      when:
        { category: ["x.*", chat], minSeverity: notice, status: firing, source: "cron:*", subject: "a:*", label: { job: b }, needsAction: false, empty: false }
      to: [mail, hook]
      also: true
      hold: 90s
      group: { by: [job, category], for: 5m }
      digest: evening
      quiet: silent
      remind: { after: [2h, 1h], every: 1d }
      editInPlace: true
      thread: true
      silent: true
      statusCard: true
      expires: 2d
    - { to: system, group: 20s }
`);
    expect({ timezone, quietHours }).toEqual({ timezone: "America/New_York", quietHours: undefined });
    expect(digests).toEqual({
      hourly: { kind: "every", seconds: 3600 },
      evening: { kind: "at", times: ["18:00"] },
      often: { kind: "every", seconds: 600 },
    });
    expect(destinations).toMatchObject({
      mail: { kind: "command", argv: ["mail", "you@example.org"], timeoutSeconds: 60, fallback: "system" },
      hook: { kind: "webhook", url: { plain: "https://example.org/hook" }, secret: { env: "HOOK_KEY" } },
      old: { kind: "discord-webhook", url: { file: "/box/hook-url" } },
      page: { kind: "file", folder: "/box/pages", page: "mine.md" },
      nothing: { kind: "ledger" },
    });
    expect(inhibit).toMatchObject([
      { by: { category: ["outage"], subject: ["net:*"] }, hides: { category: ["x.*"] }, label: "net" },
    ]);
    expect(rules[0]).toEqual({
      name: "all",
      when: {
        category: ["x.*", "chat"],
        minSeverity: "notice",
        status: ["firing"],
        source: ["cron:*"],
        subject: ["a:*"],
        label: { job: ["b"] },
        needsAction: false,
        empty: false,
      },
      to: ["mail", "hook"],
      also: true,
      holdSeconds: 90,
      group: { by: ["job", "category"], seconds: 300 },
      digest: "evening",
      quiet: "silent",
      remindAfter: [3600, 7200, ...[1, 2, 3, 4, 5, 6, 7].map((day) => 7200 + day * 86_400)],
      editInPlace: true,
      thread: true,
      silent: true,
      statusCard: true,
      expiresSeconds: 172_800,
      standard: false,
    });
    expect(rules[1]?.group).toEqual({ by: ["subject"], seconds: 20 });
  });

  test("goes to the servers that the environment names, unless the file does", () => {
    const env = { TELEGRAM_API_ROOT: "http://127.0.0.1:1", DISCORD_API_ROOT: "http://127.0.0.1:2" };
    expect(routingOf(networks, env)).toMatchObject({
      telegram: { apiRoot: "http://127.0.0.1:1" },
      discord: { apiRoot: "http://127.0.0.1:2" },
    });
    const said = routingOf("telegram: { owner: 1, apiRoot: 'http://127.0.0.1:3' }\n", env);
    expect(said.telegram?.apiRoot).toBe("http://127.0.0.1:3");
  });

  test("tells which secrets must not be written out, and does not miss the token of another machine", () => {
    const routing = routingOf(
      "telegram: { owner: 1, token: { file: /nowhere/token } }\ndiscord: { guild: '112233445566778899' }\n",
    );
    const values = secretValues({ secrets: { env: [], files: [] }, routing }, { DISCORD_BOT_TOKEN: "dt" });
    expect(values).toEqual(["dt"]);
  });
});

describe("a configuration of routing is refused", () => {
  test("with all that is wrong at once, each with its place and what was meant", () => {
    const text = `
discord: { guild: 112233445566778899, owner: "1" }
routing:
  timezone: Mars/Olympus
  quietHours: { from: "25:00", to: "07:30" }
  people: { Bea: {} }
  destinations:
    ops: { kind: discrd, channel: ops }
    pager: { kind: webhook, url: "https://x.y/z", fallbck: alerts }
    phone: { kind: telegram, person: bob, fallback: alert }
    a: { kind: console, fallback: b }
    b: { kind: console, fallback: a }
    cmd: { kind: command, argv: [] }
  digests: { both: { at: "07:30", every: 1h } }
  inhibit: [{ while: { category: outages }, hides: {}, label: needs }]
  rules:
    - { name: x, to: alert, qiuet: hold }
    - { when: { category: [heartbeat.okay], minSeverity: hot, status: fire }, to: [alerts, opps], hold: soon, digest: hourl }
    - { name: x, when: { needsAction: maybe } }
    - { include: defaults, to: system }
    - { when: { category: "*" }, to: system }
`;
    expect(complaints(text)).toMatchInlineSnapshot(`
      [
        "2:19: discord.guild is 112233445566778900; expected a text, such as "112233445566778899"",
        "2:46: discord.owner is "1": must be an id of 17 to 20 digits, in quotes",
        "4:13: routing.timezone is "Mars/Olympus", not a time zone this machine knows, such as Europe/Berlin",
        "5:23: routing.quietHours.from is "25:00": must be a local time such as 07:30",
        "6:13: "Bea" in routing.people must be lower-case letters, digits and hyphens, at most 40",
        "8:18: routing.destinations.ops.kind is "discrd": must be one of telegram, discord, console, file, webhook, discord-webhook, command, ledger; did you mean discord?",
        "9:51: unknown key "fallbck" in routing.destinations.pager; did you mean fallback?",
        "10:5: routing.destinations.phone is of kind telegram, but there is no block telegram that says how to get there",
        "10:38: routing.destinations.phone.person is "bob", no person of this name; known are Bea",
        "10:53: routing.destinations.phone.fallback is "alert", no destination of this name; did you mean alerts?",
        "11:35: the fallbacks go in a circle: a, b, a",
        "13:33: routing.destinations.cmd.argv is []: must name a program",
        "14:20: routing.digests.both is {"at":"07:30","every":"1h"}: must say either at or every",
        "15:34: routing.inhibit.0.while.category is "outages", no category of ours; did you mean outage?",
        "17:22: routing.rules.0.to is "alert", no destination of this name; did you mean alerts?",
        "17:29: unknown key "qiuet" in routing.rules.0; did you mean quiet?",
        "18:28: routing.rules.1.when.category.0 is "heartbeat.okay", no category of ours; did you mean heartbeat.ok?",
        "18:58: routing.rules.1.when.minSeverity is "hot", not one of info, notice, warning, critical",
        "18:71: routing.rules.1.when.status is "fire": must be of once, firing, update, resolved, one or a list of them",
        "18:92: routing.rules.1.to.1 is "opps", no destination of this name; did you mean ops?",
        "18:105: routing.rules.1.hold is "soon": a duration is written like 90s, 15m, 2h or 1d",
        "18:119: routing.rules.1.digest is "hourl", no digest of this name; did you mean hourly?",
        "19:7: routing.rules.2.to is missing; expected a destination, such as "alerts"",
        "19:15: routing.rules.2.name is "x", as another rule is called already",
        "19:39: routing.rules.2.when.needsAction is "maybe"; expected true or false",
        "20:28: routing.rules.3 includes the defaults; nothing else may stand beside it",
        "21:9: routing.rules.4: the last rule must match everything (no \`when\`), so that no event is without a home; \`- include: defaults\` does as well",
      ]
    `);
  });

  test.each([
    [
      "telegram: { token: 123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA }",
      "this value looks like a secret; name an environment variable or file instead",
    ],
    ["telegram: { chat: -100 }", "must name the owner, a user's number"],
    ["telegram: { owner: you }", 'telegram.owner is "you"; expected a number, such as 4242'],
    [
      "routing: { destinations: { d: { kind: discord-webhook, url: https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyzabcdefghijklmnop } } }",
      "looks like a secret",
    ],
    [
      "routing: { quietHours: { from: '07:00', to: '07:00' } }",
      "would last all day: from and to are the same",
    ],
    [
      "routing: { quietHours: sometimes }",
      "must be off, or from and to, two different local times such as 22:30",
    ],
    ["routing: { rules: [] }", "routing.rules"],
    [
      "routing: { destinations: { owner: { kind: console, fallback: chat }, chat: { kind: console, fallback: memory }, memory: { kind: console, fallback: owner } } }",
      "the fallbacks go in a circle: chat, memory, owner, chat",
    ],
    ["routing: [1]", "routing is [1]; expected a block of keys"],
  ])("%s", (text, expected) => {
    expect(complaints(text).join("\n")).toContain(expected);
  });

  test("without ever throwing anything but a fault, whatever stands there", () => {
    for (const value of [
      "~",
      "1",
      "[]",
      "{}",
      "[[]]",
      "{ a: 1 }",
      "'x'",
      "true",
      "{ a: [{}] }",
      "{ kind: [] }",
    ]) {
      for (const key of [
        "people",
        "destinations",
        "quietHours",
        "digests",
        "inhibit",
        "rules",
        "timezone",
        "budget",
      ]) {
        for (const text of [
          `routing: { ${key}: ${value} }`,
          `routing: { ${key}: { a: ${value} } }`,
          `routing: { ${key}: [{ when: ${value}, to: ${value} }] }`,
        ]) {
          expect(() => complaints(text), `${text}`).not.toThrow();
        }
      }
    }
  });
});

function complaints(text: string): string[] {
  try {
    readConfigText(text, "pawl.config.yaml");
    return [];
  } catch (error) {
    if (error instanceof Fault)
      return error.message.split("\n").map((line) => line.replace("pawl.config.yaml:", ""));
    throw error;
  }
}
