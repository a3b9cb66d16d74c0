import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { openclawEnding } from "../../../worker/executors/openclaw-ending.ts";
import { anObservation, exited } from "../../support/attempts.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/openclaw");
const captured = (name: string) => readFileSync(join(fixtures, `${name}.json`), "utf8");
/** Of a run that was ended while it was waiting to ask a model again that had refused it three times. */
const waiting = readFileSync(join(fixtures, "waiting.stderr.txt"), "utf8");

describe("a run of OpenClaw that was ok", () => {
  test("succeeds with its last message and what it cost", () => {
    expect(openclawEnding(anObservation({ stdout: captured("success") }))).toEqual({
      kind: "succeeded",
      text: "done writing",
      facts: {
        exit: 0,
        model: "fake-1",
        provider: "fake",
        "tokens-in": 240,
        "tokens-out": 16,
        "cost-usd": 0.000272,
        turns: 2,
        tools: "exec",
        "tool-calls": 1,
      },
    });
  });

  test("succeeds with what it wrote into the result file rather than its last message", () => {
    const seen = anObservation({ stdout: captured("success"), result: "# Report" });
    expect(openclawEnding(seen)).toMatchObject({ kind: "succeeded", text: "# Report" });
  });

  test("succeeds and names a tool whose error was never resolved", () => {
    const stdout = anEnvelope({
      ok: true,
      final: "wrote it",
      toolSummary: { unresolvedError: { toolName: "write" } },
    });
    expect(openclawEnding(anObservation({ stdout }))).toMatchObject({
      kind: "succeeded",
      facts: { "unresolved-tool-error": "write" },
    });
  });

  test("succeeds although figures are not what they should be", () => {
    const stdout = anEnvelope({
      ok: true,
      final: "done",
      usage: "plenty",
      costUsd: null,
      toolSummary: { tools: 3 },
    });
    expect(openclawEnding(anObservation({ stdout }))).toEqual({
      kind: "succeeded",
      text: "done",
      facts: { exit: 0 },
    });
  });

  test("succeeds although something else was printed before the answer", () => {
    const stdout = `(node:42) some notice\n{ not json\n${captured("success")}\n`;
    expect(openclawEnding(anObservation({ stdout }))).toMatchObject({
      kind: "succeeded",
      text: "done writing",
    });
  });

  test("fails when there is no answer anywhere", () => {
    const stdout = anEnvelope({ ok: true, final: " " });
    expect(openclawEnding(anObservation({ stdout }))).toMatchObject({
      kind: "failed",
      why: "OpenClaw ended without an answer",
    });
  });
});

describe("a run of OpenClaw that was not ok", () => {
  test.each([
    [
      "HTTP 401",
      "⚠️ fake/fake-1 request failed (authentication failed, HTTP 401). Re-authenticate the provider and try again.",
      "misconfigured",
    ],
    [
      "HTTP 402",
      "⚠️ fake/fake-1 request failed (provider billing issue, HTTP 402). Check fake billing and try again.",
      "misconfigured",
    ],
    ["HTTP 400", "⚠️ fake/fake-1 request failed (request format rejected, HTTP 400).", "failed"],
    [
      "a request that makes no sense to the provider",
      "LLM request failed: provider rejected the request schema or tool payload.",
      "failed",
    ],
    [
      "a bad login at each of its models",
      "All models failed (2): a/b: 401 (auth) | c/d: 401 (auth). Re-authenticate with: openclaw models auth login | ⚠️ c/d request failed (authentication failed, HTTP 401).",
      "misconfigured",
    ],
    [
      "HTTP 429",
      "⚠️ fake/fake-1 request failed (rate limited, HTTP 429). This is usually temporary — try again shortly.",
      "transient",
    ],
    [
      "HTTP 500",
      "⚠️ fake/fake-1 request failed (provider internal error, HTTP 500). This is usually temporary — try again shortly.",
      "transient",
    ],
    ["an overloaded provider", "⚠️ fake/fake-1 request failed (provider overloaded).", "transient"],
    ["a refused connection", "LLM request failed: connection refused by the provider endpoint.", "transient"],
    [
      "a name that cannot be looked up",
      "LLM request failed: DNS lookup for the provider endpoint failed.",
      "transient",
    ],
    ["a cut stream", "LLM request failed: network connection was interrupted.", "transient"],
    [
      "a cool-down",
      'Inline API key for provider "fake" is temporarily disabled after a provider auth/billing failure. Retry after about 1 minute.',
      "transient",
    ],
    ["a race at start-up", "model runtime publication was superseded for /x", "transient"],
    ["no credentials", 'No API key found for provider "anthropic".', "misconfigured"],
    [
      "no login of the right kind",
      "No route-compatible authentication source is configured for anthropic.",
      "misconfigured",
    ],
    ["an unknown provider", "Unknown model: nobody/fake-1.", "misconfigured"],
    [
      "an unsupported thinking level",
      'Thinking level "xhigh" is not supported for fake/fake-1.',
      "misconfigured",
    ],
    ["a missing config file", "Config file not found: /etc/run.json", "misconfigured"],
    ["a config with an unknown key", 'Invalid config: unrecognized key "modles"', "misconfigured"],
    ["anything else", "Something nobody has seen before", "failed"],
  ])("because of %s", (_, message, kind) => {
    const stdout = anEnvelope({ ok: false, status: "error", error: { message, kind: "exception" } });
    expect(openclawEnding(anObservation({ stdout, exit: exited(1) }))).toMatchObject({ kind, why: message });
  });

  test("is transient for a rate limit, word for word as it was captured", () => {
    const seen = anObservation({ stdout: captured("rate-limited"), exit: exited(1) });
    expect(openclawEnding(seen)).toEqual({
      kind: "transient",
      why: "⚠️ API rate limit reached. Please try again later.",
    });
  });

  test("does not forget what was spent before the rate limit", () => {
    const error = { message: "rate limited, HTTP 429", kind: "exception" };
    const stdout = anEnvelope({ ok: false, status: "error", error, costUsd: 0.4 });
    expect(openclawEnding(anObservation({ stdout, exit: exited(1) }))).toMatchObject({
      kind: "transient",
      facts: { "cost-usd": 0.4 },
    });
  });

  test("is misconfigured for a bad login, word for word as it was captured", () => {
    const seen = anObservation({ stdout: captured("unauthorized"), exit: exited(1) });
    expect(openclawEnding(seen)).toMatchObject({
      kind: "misconfigured",
      why: expect.stringContaining("HTTP 401"),
    });
  });

  test("is the task's own failure when the task named a model that is not known here", () => {
    const stdout = anEnvelope({
      ok: false,
      error: { message: "Unknown model: nobody/x.", kind: "exception" },
    });
    const seen = anObservation({ stdout, exit: exited(1), request: { model: "nobody/x" } });
    expect(openclawEnding(seen)).toMatchObject({ kind: "failed", why: "Unknown model: nobody/x." });
  });

  test("fails when the model had nothing to say", () => {
    const error = { message: "All model fallback candidates failed", kind: "fallback_exhausted" };
    const seen = anObservation({
      stdout: anEnvelope({ ok: false, status: "error", error }),
      exit: exited(1),
    });
    expect(openclawEnding(seen)).toMatchObject({ kind: "failed" });
  });

  test("fails when a tool failed, even if the tool's words sound like our network", () => {
    const error = { message: "⚠️ Exec failed: curl: (7) connection refused", kind: "error_payload" };
    const seen = anObservation({
      stdout: anEnvelope({ ok: false, status: "error", error }),
      exit: exited(1),
    });
    expect(openclawEnding(seen)).toMatchObject({ kind: "failed" });
  });

  test("keeps what was said and what was complained about", () => {
    const stdout = anEnvelope({
      ok: false,
      final: "half of it",
      error: { message: "odd", kind: "exception" },
    });
    const seen = anObservation({ stdout, exit: exited(1), stderrTail: "[agent] odd\n" });
    expect(openclawEnding(seen)).toMatchObject({
      text: "half of it\n\nLast on standard error:\n\n```\n[agent] odd\n```",
    });
  });

  test("has still succeeded when only its cleaning up failed and the result file is there", () => {
    const seen = anObservation({ stdout: cleanupFailed(), exit: exited(1), result: "# Report" });
    expect(openclawEnding(seen)).toMatchObject({
      kind: "succeeded",
      text: "# Report",
      facts: { cleanup: "failed" },
    });
  });

  test("fails when its cleaning up failed and the answer went with it", () => {
    expect(openclawEnding(anObservation({ stdout: cleanupFailed(), exit: exited(1) }))).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("answer was lost"),
    });
  });
});

describe("a run of OpenClaw that took too long", () => {
  test("is timed out by its own word, by its own limit, which has no minute for starting up", () => {
    const seen = anObservation({ stdout: captured("timeout"), exit: exited(2), deadlineSeconds: 660 });
    expect(openclawEnding(seen)).toMatchObject({
      kind: "timed-out",
      why: "it was not done after 10m",
      facts: { exit: 2, model: "fake-1" },
    });
  });

  test("is transient when the worker ended it while it was waiting to ask its model again", () => {
    const seen = anObservation({ exit: exited(143), stderrTail: waiting, timedOut: true });
    expect(openclawEnding(seen)).toEqual({
      kind: "transient",
      why: "when its time was up it was waiting to ask its model again: API rate limit reached. Please try again later.",
    });
  });

  test("is timed out when it had asked its model again and nothing more was heard", () => {
    const stderrTail = `${waiting}[agent/embedded] Preserved orphaned user message without removing the active session leaf.\n`;
    const seen = anObservation({ exit: exited(143), stderrTail, timedOut: true });
    expect(openclawEnding(seen)).toMatchObject({ kind: "timed-out" });
  });

  test("is transient when all it waited for was a dead network", () => {
    const error = {
      message: "LLM request failed: connection refused by the provider endpoint.",
      kind: "timeout",
    };
    const seen = anObservation({
      stdout: anEnvelope({ ok: false, status: "timeout", error }),
      exit: exited(2),
    });
    expect(openclawEnding(seen)).toMatchObject({ kind: "transient" });
  });

  test("is transient when only standard error knows that the network was dead", () => {
    const stderrTail =
      "[agent/embedded] provider=fake error=LLM request failed: DNS lookup for the provider endpoint failed.";
    const seen = anObservation({ stdout: captured("timeout"), exit: exited(2), stderrTail });
    expect(openclawEnding(seen)).toMatchObject({ kind: "transient" });
  });

  test("is timed out when the deadline came while a tool was running", () => {
    const error = { message: "⚠️ Exec failed", kind: "error_payload" };
    const stdout = anEnvelope({ ok: false, status: "error", error });
    const seen = anObservation({
      stdout,
      exit: exited(1),
      stderrTail: "[agent] embedded run timeout: 600000ms",
    });
    expect(openclawEnding(seen)).toMatchObject({ kind: "timed-out" });
  });

  test("is timed out when the worker ended it, whatever it says", () => {
    const seen = anObservation({ stdout: captured("success"), timedOut: true });
    expect(openclawEnding(seen)).toMatchObject({
      kind: "timed-out",
      why: "it was not done after 11m",
      text: "done writing",
      facts: { model: "fake-1" },
    });
  });
});

describe("a run of OpenClaw without a document", () => {
  test.each([
    [{ kind: "exited", code: 143 }, "transient"],
    [{ kind: "exited", code: 130 }, "transient"],
    [{ kind: "signalled", signal: "SIGTERM" }, "transient"],
    [{ kind: "exited", code: 137 }, "failed"],
    [{ kind: "signalled", signal: "SIGKILL" }, "failed"],
    [{ kind: "exited", code: 1 }, "failed"],
    [{ kind: "not-started", why: "openclaw is not there" }, "misconfigured"],
  ] as const)("after %o", (exit, kind) => {
    expect(openclawEnding(anObservation({ exit }))).toMatchObject({ kind });
  });

  test("is misconfigured when it runs on the wrong Node", () => {
    const stderrTail = "Node 20.20.2 is unsupported; OpenClaw requires Node >=24.16 <25.\n";
    expect(openclawEnding(anObservation({ exit: exited(1), stderrTail }))).toMatchObject({
      kind: "misconfigured",
      why: expect.stringContaining("Node 20.20.2"),
    });
  });

  test("is misconfigured when it does not know our options", () => {
    const seen = anObservation({ stdout: captured("cli-error"), exit: exited(1) });
    expect(openclawEnding(seen)).toMatchObject({
      kind: "misconfigured",
      why: expect.stringContaining("--nosuchflag"),
    });
  });

  test.each(['{ "ok": tr', "<html>bad gateway</html>", "[]", '{"status":"ok"}', "null"])(
    "fails on %s, exit code 0 or not",
    (stdout) => {
      for (const code of [0, 1]) {
        expect(openclawEnding(anObservation({ stdout, exit: exited(code) }))).toMatchObject({
          kind: "failed",
        });
      }
    },
  );

  test("has succeeded when it ended well and wrote the result file", () => {
    for (const stdout of ["", '{ "ok": tr']) {
      expect(openclawEnding(anObservation({ stdout, result: "# Report" }))).toMatchObject({
        kind: "succeeded",
        text: "# Report",
        facts: { envelope: "unreadable" },
      });
    }
  });

  test("has not succeeded when it ended badly, whatever the result file says", () => {
    expect(openclawEnding(anObservation({ exit: exited(1), result: "# Report" }))).toMatchObject({
      kind: "failed",
      text: "# Report",
    });
  });
});

function anEnvelope(given: object): string {
  return JSON.stringify(
    { ok: true, payloads: [], model: null, provider: null, sessionId: "s", ...given },
    null,
    2,
  );
}

function cleanupFailed(): string {
  const error = { message: "Agent exec cleanup failed: a process did not end", kind: "exception" };
  return anEnvelope({ ok: false, status: "error", final: "", error });
}
