import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";

import { GrammyError, HttpError } from "grammy";
import { describe, expect, test } from "vitest";

import { botClient } from "../../../src/adapters/telegram/bot-client.ts";
import { sendingOf, troubleOf } from "../../../src/adapters/telegram/trouble.ts";
import { plantedToken } from "../../support/telegram-server/server.ts";

describe("trouble with Telegram", () => {
  test.each([
    ["an address inside an error of the network", new HttpError("failed", leaky())],
    ["an address as the cause of something else", new Error("failed", { cause: leaky() })],
    ["a description", new GrammyError("failed", refusal(400, `no /bot${plantedToken}`), "sendMessage", {})],
    ["a code", Object.assign(new Error("failed"), { code: plantedToken })],
    ["no error at all", plantedToken],
  ])("is told without the token in %s", (_, error) => {
    for (const connected of [true, false]) {
      const trouble = troubleOf(error, connected, plantedToken);
      const told = inspect([trouble, sendingOf(trouble)], { depth: 9, showHidden: true });
      expect(told).not.toContain("must_never-appear");
    }
  });

  test("keeps Node's own name for it", () => {
    expect(troubleOf(new HttpError("failed", leaky()), false, plantedToken)).toEqual({
      kind: "unreachable",
      why: "Telegram cannot be reached (ECONNREFUSED)",
    });
  });

  test.each([
    ["no refusal in an answer without a number", {}],
    ["no refusal in one with a number that is none of HTTP's", { error_code: 7, description: "portal" }],
  ])("sees %s", (_, answer) => {
    const error = new GrammyError("failed", answer as never, "sendMessage", {});
    expect(troubleOf(error, true, plantedToken)).toMatchObject({ kind: "silent" });
  });

  test("waits half a minute when Telegram does not say how long", () => {
    const error = new GrammyError("failed", refusal(429, "Too Many Requests"), "sendMessage", {});
    expect(sendingOf(troubleOf(error, true, plantedToken))).toMatchObject({
      kind: "later",
      afterSeconds: 30,
    });
  });

  test.each<[string, Page]>([
    ["a portal that shows a page", { status: 200, body: "<html>please log in</html>" }],
    ["a proxy that says yes to everything", { status: 200, body: '{"ok":true,"result":{}}' }],
    ["a proxy that answers null", { status: 200, body: "null" }],
  ])("knows nothing for sure after %s", async (_, page) => {
    await using portal = await aServer(page);
    expect(await say(portal.root)).toMatchObject({ ok: false, trouble: { kind: "silent" } });
  });

  test.each([302, 307, 308])("does not carry a message to where a portal points with %i", async (status) => {
    await using elsewhere = await aServer({ status: 200, body: "{}" });
    await using portal = await aServer({ status, headers: { location: elsewhere.root }, body: "" });
    expect(await say(portal.root)).toMatchObject({ ok: false, trouble: { kind: "silent" } });
    expect(elsewhere.visits()).toBe(0);
  });
});

type Page = { status: number; headers?: Record<string, string>; body: string };

async function aServer({ status, headers = {}, body }: Page) {
  let visits = 0;
  const server = createServer((_request, response) => {
    visits++;
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits: () => visits,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function say(apiRoot: string) {
  return botClient({ token: plantedToken, apiRoot })(async (api) => {
    const { message_id } = await api.sendMessage(1, "hello");
    if (message_id === undefined) throw new Error("no id");
  });
}

function leaky(): Error {
  const url = `https://api.telegram.org/bot${plantedToken}/sendMessage`;
  return Object.assign(new Error(`request to ${url} failed`), { code: "ECONNREFUSED", url });
}

function refusal(error_code: number, description: string) {
  return { ok: false as const, error_code, description };
}
