import { describe, expect, test } from "vitest";

import { waitOf } from "../../../src/adapters/cloud/outcome.ts";
import { patience } from "../../../src/adapters/cloud/patience.ts";

const refused = (status: number, waitSeconds?: number) => ({
  kind: "refused" as const,
  status,
  said: "",
  ...(waitSeconds !== undefined && { waitSeconds }),
});
const silent = { kind: "silent" as const, trouble: { kind: "unknown" as const, code: "CUT", why: "cut" } };

describe("a read that failed", () => {
  test.each([400, 401, 403, 404, 409, 422, 302])("is hopeless after %i", (status) => {
    expect(patience(refused(status), { all: 1, silent: 0 }, 0.5)).toBeUndefined();
  });

  test.each([500, 502, 503, 429])("is tried again after %i, four times in all", (status) => {
    for (const all of [1, 2, 3, 4]) expect(patience(refused(status), { all, silent: 0 }, 0.5)).toBeDefined();
    expect(patience(refused(status), { all: 5, silent: 0 }, 0.5)).toBeUndefined();
  });

  test("is tried again after silence only twice, however often it failed otherwise", () => {
    expect(patience(silent, { all: 4, silent: 1 }, 0.5)).toBeDefined();
    expect(patience(silent, { all: 2, silent: 2 }, 0.5)).toBeDefined();
    expect(patience(silent, { all: 3, silent: 3 }, 0.5)).toBeUndefined();
  });

  test("waits longer each time, by chance, and as long as the provider asks for on top of that", () => {
    const waits = [1, 2, 3, 4].map((all) => patience(refused(503), { all, silent: 0 }, 0.5));
    expect(waits).toEqual([250, 500, 1000, 2000]);
    expect(patience(refused(503), { all: 1, silent: 0 }, 0)).toBe(0);
    expect(patience(refused(429, 10), { all: 1, silent: 0 }, 0.5)).toBe(10_250);
    expect(patience(refused(429, 60), { all: 1, silent: 0 }, 0.5)).toBe(60_250);
    expect(patience(refused(429, 61), { all: 1, silent: 0 }, 0.5)).toBeUndefined();
  });
});

describe("how long a provider asks us to wait", () => {
  const wait = (headers: Record<string, string>) => waitOf((name) => headers[name]);
  const date = "Sat, 21 Nov 2026 10:00:00 GMT";
  const at = Date.parse(date) / 1000;

  test.each<[Record<string, string>, number | undefined]>([
    [{ "retry-after": "17" }, 17],
    [{ "retry-after": "17", "ratelimit-reset": String(at + 99), date }, 17],
    [{ "ratelimit-reset": String(at + 99), date }, 99],
    [{ "ratelimit-reset": String(at - 5), date }, 0],
    [{ "ratelimit-reset": String(at + 99) }, undefined],
    [{ "ratelimit-reset": "soon", date }, undefined],
    [{ "retry-after": "Sat, 21 Nov 2026 10:01:00 GMT" }, undefined],
    [{}, undefined],
  ])("is in its answer: %o", (headers, seconds) => {
    expect(wait(headers)).toBe(seconds);
  });
});
