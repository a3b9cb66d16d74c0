import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { webhookChannel } from "../../../src/adapters/channels/webhook.ts";
import type { Channel } from "../../../src/ports/channel.ts";
import { aClosedPort } from "../../support/closed-port.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { aCardParcel } from "../../support/parcels.ts";

type Got = { headers: IncomingMessage["headers"]; body: string };

describe("somebody's server", () => {
  const secret = "a-shared-secret";
  let server: Server;
  let got: Got[];
  let answer: (response: ServerResponse) => void;
  let url: string;
  let channel: Channel;

  beforeEach(async () => {
    got = [];
    answer = (response) => response.writeHead(202).end();
    server = createServer((request, response) => {
      void text(request).then((body) => {
        got.push({ headers: request.headers, body });
        answer(response);
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hook?key=hidden-in-the-address`;
    channel = channelWith({});
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  function channelWith(given: { timeoutMs?: number }): Channel {
    return webhookChannel({ url, secret, clock: new HandClock("2026-11-21T10:00:00Z"), ...given });
  }

  test("gets the card as JSON, signed along with the time, under a name that stays", async () => {
    const parcel = aCardParcel({ silent: true, thread: { key: "task:T-1", name: "Prices" } });
    const sent = await channel.send(parcel);
    expect(sent).toEqual({ kind: "sent", place: { delivery: parcel.nonce } });
    const [{ headers, body } = { headers: {}, body: "" }] = got;
    expect(JSON.parse(body)).toEqual({
      v: 1,
      act: "send",
      delivery: parcel.nonce,
      card: parcel.message.card,
      silent: true,
      thread: { key: "task:T-1", name: "Prices" },
    });
    const seconds = Date.parse("2026-11-21T10:00:00Z") / 1000;
    const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "pawl-signature": `t=${seconds},v1=${mac}`,
      "idempotency-key": parcel.nonce,
    });
  });

  test("is told of an edit and of a removal by the name of the first post", async () => {
    const place = { delivery: "first" };
    expect(await channel.edit(place, aCardParcel())).toEqual({ kind: "sent", place });
    expect(await channel.remove(place)).toEqual({ kind: "sent", place });
    expect(got.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { act: "edit", delivery: "first", card: { title: "Send 14 invoices?" } },
      { act: "remove", delivery: "first" },
    ]);
  });

  test("gets no signature without a secret", async () => {
    await webhookChannel({ url, clock: new HandClock() }).send(aCardParcel());
    expect(got[0]?.headers).not.toHaveProperty("pawl-signature");
  });

  test.each<[string, (response: ServerResponse) => void, object]>([
    ["no content", (to) => to.writeHead(204).end(), { kind: "sent" }],
    ["a failure", (to) => to.writeHead(503).end(), { kind: "unknown", code: "HTTP_503" }],
    ["patience", (to) => to.writeHead(429, { "retry-after": "7" }).end(), { kind: "later", afterSeconds: 7 }],
    [
      "patience until a time",
      (to) => to.writeHead(429, { "retry-after": "Sat, 21 Nov 2026 10:01:30 GMT" }).end(),
      { kind: "later", afterSeconds: 90 },
    ],
    ["patience without a time", (to) => to.writeHead(429).end(), { kind: "later", afterSeconds: 60 }],
    ["a refusal", (to) => to.writeHead(403).end(), { kind: "dead", scope: "destination" }],
    ["not that card", (to) => to.writeHead(422).end(), { kind: "dead", scope: "message" }],
    ["nothing any more", (to) => to.writeHead(410).end(), { kind: "dead", scope: "destination" }],
    ["by hanging up", (to) => to.destroy(), { kind: "unknown", code: "CUT" }],
  ])("may answer %s", async (_, given, expected) => {
    answer = given;
    expect(await channel.send(aCardParcel())).toMatchObject(expected);
  });

  test("may answer nothing", async () => {
    answer = () => undefined;
    const sending = await channelWith({ timeoutMs: 200 }).send(aCardParcel());
    expect(sending).toMatchObject({ kind: "unknown", code: "TIMEOUT" });
  });

  test("does not send us elsewhere", async () => {
    answer = (response) => response.writeHead(307, { location: url }).end();
    expect(await channel.send(aCardParcel())).toMatchObject({ kind: "dead", code: "HTTP_307" });
    expect(got).toHaveLength(1);
  });

  test("has got nothing when nobody listens", async () => {
    const nowhere = `http://127.0.0.1:${await aClosedPort()}/hidden-in-the-address`;
    const closed = webhookChannel({ url: nowhere, clock: new HandClock() });
    const sending = await closed.send(aCardParcel());
    expect(sending).toMatchObject({ kind: "refused", code: "ECONNREFUSED" });
    expect(JSON.stringify(sending)).not.toContain("hidden");
  });

  test("is warned of an address that others can read along", async () => {
    const open = webhookChannel({ url: "http://example.com/hook", clock: new HandClock() });
    expect((await open.check())[0]).toMatchObject({ ok: false });
    expect((await channel.check()).map(({ ok }) => ok)).toEqual([true, true]);
    expect(got).toEqual([]);
  });
});
