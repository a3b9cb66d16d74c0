import { afterEach, describe, expect, test } from "vitest";

import { cut } from "./cut.ts";
import { freshCut, isCached, vendored } from "./descriptions.ts";
import type { Answer } from "./mock.ts";
import { type ServedMock, serveOpenApi } from "./serve.ts";
import { type DescriptionName, sources } from "./sources.ts";

const names = Object.keys(sources) as DescriptionName[];

describe("the vendored descriptions", () => {
  test.each(names)("of %s is what its package says, cut", (name) => {
    if (!isCached(name)) {
      const say = "skipped: the whole descriptions are not here; `npm run openapi` fetches them";
      if (process.env["PAWL_REQUIRE_ALL"] === "1") throw new Error(say);
      return console.warn(say);
    }
    expect(vendored(name)).toBe(freshCut(name));
  });

  test("keep what is referred to, and nothing else", () => {
    const whole = {
      openapi: "3.0.0",
      info: { title: "An API", version: "1", description: "long" },
      servers: [],
      paths: {
        "/a": {
          get: {
            description: "long",
            responses: { 200: { $ref: "#/paths/~1b~1%7Bid%7D/get/responses/200" } },
          },
        },
        "/b/{id}": {
          get: {
            responses: {
              200: {
                content: {
                  "application/json": {
                    schema: { properties: { description: { $ref: "#/components/schemas/used" } } },
                  },
                },
              },
            },
          },
        },
      },
      components: { schemas: { used: { type: "string", example: "x" }, unused: { type: "string" } } },
    };
    expect(cut(whole, ["GET /a"])).toEqual({
      openapi: "3.0.0",
      info: { title: "An API", version: "1" },
      servers: [],
      paths: {
        "/a": {
          get: {
            responses: {
              200: { $ref: "#/x-shared/b-id-get-responses-200" },
            },
          },
        },
      },
      components: { schemas: { used: { type: "string" } } },
      "x-shared": {
        "b-id-get-responses-200": {
          content: {
            "application/json": {
              schema: { properties: { description: { $ref: "#/components/schemas/used" } } },
            },
          },
        },
      },
    });
  });
});

describe("an API that is held to its description", () => {
  const key = {
    id: 1,
    key: "ssh-ed25519 AAAA",
    url: "https://x.test/1",
    title: "w",
    verified: true,
    read_only: false,
  };
  const good: Answer = { status: 201, body: { ...key, created_at: "2026-11-21T10:00:00Z" } };
  let api: ServedMock;
  afterEach(() => api[Symbol.asyncDispose]());

  async function add(body: unknown, answer = good): Promise<Response> {
    api = await serveOpenApi("github", { "POST /repos/{owner}/{repo}/keys": () => answer });
    return post(body);
  }

  function post(body: unknown): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return fetch(`${api.url}/repos/o/r/keys`, { method: "POST", headers, body: JSON.stringify(body) });
  }

  test("has nothing to say when both sides keep to it", async () => {
    expect((await add({ title: "w", key: "ssh-ed25519 AAAA", read_only: false })).status).toBe(201);
    expect(api.complaints).toEqual([]);
    expect(api.asked).toMatchObject([
      { operation: "POST /repos/{owner}/{repo}/keys", path: { owner: "o", repo: "r" }, body: { title: "w" } },
    ]);
  });

  test.each([
    ["a field that is missing", { title: "w" }, /requestBody must have required property 'key'/],
    ["a field of another type", { key: 1 }, /requestBody\/key must be string/],
    ["a field that is misspelt", { key: "k", readonly: false }, /unknown \/readonly/],
  ])("names %s in a request", async (_, body, complaint) => {
    await add(body);
    expect(api.complaints).toEqual([expect.stringMatching(complaint)]);
  });

  test.each<[string, Answer, RegExp]>([
    ["a field that is missing", { status: 201, body: key }, /201 .*must have required property 'created_at'/],
    [
      "a date that is none",
      { status: 201, body: { ...key, created_at: 5 } },
      /201 \/created_at must be string/,
    ],
    ["a field nobody knows", { ...good, body: { ...(good.body as object), made: 1 } }, /201 unknown \/made/],
    ["a status nobody knows", { status: 418, body: {} }, /418, which is not described/],
  ])("names %s in the fake's own answer", async (_, answer, complaint) => {
    await add({ key: "ssh-ed25519 AAAA" }, answer);
    expect(api.complaints).toEqual([expect.stringMatching(complaint)]);
  });

  test("names a request that it knows nothing of", async () => {
    await add({ key: "k" });
    expect((await fetch(`${api.url}/elsewhere`)).status).toBe(404);
    expect(api.complaints).toEqual(["client: GET /elsewhere: there is no such operation"]);
  });

  test("refuses whom it is told to refuse, and meets a request with trouble once", async () => {
    let done = 0;
    const operations = { "POST /repos/{owner}/{repo}/keys": () => (done++, good) };
    const refuse = ({ body }: { body: unknown }) =>
      (body as { title: string }).title === "no" ? { status: 401, body: {} } : undefined;
    api = await serveOpenApi("github", operations, { refuse });
    expect((await post({ title: "no", key: "k" })).status).toBe(401);
    api.meet({ answer: { status: 500, body: "<html>" } });
    expect((await post({ title: "w", key: "k" })).status).toBe(500);
    expect(done).toBe(0);
    api.meet(
      { doneButAnswered: { status: 502, body: "<html>" } },
      { operation: "POST /repos/{owner}/{repo}/keys" },
    );
    expect((await post({ title: "w", key: "k" })).status).toBe(502);
    expect(done).toBe(1);
    api.meet({ cut: "before" });
    await expect(post({ title: "w", key: "k" })).rejects.toThrow("fetch failed");
    api.meet({ cut: "after" });
    await expect(post({ title: "w", key: "k" })).rejects.toThrow("fetch failed");
    expect(done).toBe(2);
    expect((await post({ title: "w", key: "k" })).status).toBe(201);
  });
});
