import { expect, test } from "vitest";

import { liveBlank } from "../../src/wire/live-blank.ts";

test("a secret that was rotated is taken out of what is written, and the former one too", () => {
  const env: Record<string, string> = { TOKEN: "former-secret", OTHER: "other-secret" };
  const named = (...names: string[]) => ({ secrets: { env: names, files: [] as string[] } });
  let config = named("TOKEN");
  const blank = liveBlank(() => config, env);
  const text = "former-secret, newer-secret, other-secret";
  expect(blank(text)).toBe("[secret], newer-secret, other-secret");
  env["TOKEN"] = "newer-secret";
  config = named("TOKEN", "OTHER");
  expect(blank(text)).toBe("[secret], [secret], [secret]");
});

test("secrets that cannot be read leave the former ones in force until they can", () => {
  let config = { secrets: { env: ["TOKEN"], files: [] as string[] } };
  const env: Record<string, string> = { TOKEN: "former-secret" };
  const blank = liveBlank(() => config, env);
  config = { secrets: { env: ["TOKEN"], files: ["/nowhere/at/all"] } };
  env["TOKEN"] = "newer-secret";
  expect(blank("former-secret")).toBe("[secret]");
  config.secrets.files.pop();
  expect(blank("newer-secret")).toBe("[secret]");
});

test("secrets that cannot be read at the start are told", () => {
  expect(() => liveBlank(() => ({ secrets: { env: [], files: ["/nowhere/at/all"] } }), {})).toThrow("ENOENT");
});
