import { describe, expect, test } from "vitest";

import { Duration, durationText } from "../../src/core/duration.ts";
import { NodeName, TaskId, newTaskId, newToken } from "../../src/core/ids.ts";
import { Request, requestLines } from "../../src/core/request.ts";

describe("a request", () => {
  test("is read from text and written back", () => {
    const written = {
      executor: "openclaw",
      priority: "high",
      needs: "gpu, linux",
      after: "T-20261121-7k3qx",
      timeout: "1d2h3m4s",
      attempts: "3",
      expires: "2026-11-22T18:00:00Z",
      key: "nightly-2026-11-21",
      by: "Aaron",
    };
    const request = Request.parse(written);
    expect(request).toMatchObject({ needs: ["gpu", "linux"], timeout: 93_784, attempts: 3 });
    expect(Object.fromEntries(requestLines(request))).toEqual(written);
  });

  test.each([
    [{ timeout: "5 minutes" }, "a duration is written like 90s, 15m, 2h or 1d"],
    [{ timeout: "0s" }, "must be longer than nothing"],
    [{ attempts: "0" }, "a number from 1 to 20"],
    [{ after: "T-1" }, "a task id looks like T-20261121-7k3qx"],
    [
      { expires: "tomorrow" },
      "write a date, or a date with time and zone, such as 2026-11-22 or 2026-11-22T18:00Z",
    ],
    [
      { expires: "2026-11-22T18:00" },
      "write a date, or a date with time and zone, such as 2026-11-22 or 2026-11-22T18:00Z",
    ],
    [{ timeout: "999999d999999d" }, "at most a year"],
    [
      { expires: "2026-13-45" },
      "write a date, or a date with time and zone, such as 2026-11-22 or 2026-11-22T18:00Z",
    ],
    [{ needs: "GPU!" }, "use lower-case letters, digits, dots and hyphens, at most 64 of them"],
    [{ key: "a\u0007b" }, "must be one line without control characters"],
    [{ prioritty: "high" }, 'Unrecognized key: "prioritty"'],
  ])("%o is refused: %s", (written, message) => {
    expect(Request.safeParse(written).error?.issues[0]?.message).toBe(message);
  });
});

describe("a duration", () => {
  test.each([
    ["90s", 90],
    ["15m", 900],
    ["2h", 7200],
    ["1d", 86_400],
    ["1h30m", 5400],
  ])("%s is %d seconds", (text, seconds) => {
    expect(Duration.parse(text)).toBe(seconds);
  });

  test.each([
    [45, "45s"],
    [90, "1m30s"],
    [5400, "1h30m"],
    [90_061, "1d1h"],
    [0, "0s"],
  ])("of %d seconds is shown as %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});

describe("ids", () => {
  test.each(["T-20261121-7k3qx", "T-20260229-00000"])("%s is a task id", (id) => {
    expect(TaskId.safeParse(id).success).toBe(true);
  });

  test.each([
    "T-20261121-../..",
    "T-20261121-7k3q",
    "T-20261121-7k3qxx",
    "T-20261121-7K3QX",
    "T-20261321-7k3qx",
    "T-20261100-7k3qx",
    "t-20261121-7k3qx",
    "T-20261121-7k3qx\n",
    " T-20261121-7k3qx",
    "T-20261121-7k3q\u0456",
    "-rf",
    "",
  ])("%j is no task id", (id) => {
    expect(TaskId.safeParse(id).success).toBe(false);
  });

  test.each(["../w", "W1", "-w", "w_1", "w 1", "con/../x", "w".repeat(41), "", "w\u0000"])(
    "%j is no node name",
    (name) => {
      expect(NodeName.safeParse(name).success).toBe(false);
    },
  );

  test("carry the day and five random letters", () => {
    const fixed = [0, 0.2, 0.4, 0.6, 0.999];
    expect(newTaskId(new Date("2026-11-21T23:59:59Z"), () => fixed.shift() ?? 0)).toBe("T-20261121-06ckz");
  });

  test("of leases are sixteen hexadecimal digits", () => {
    expect(newToken(() => 0.7)).toBe("bbbbbbbbbbbbbbbb");
  });
});
