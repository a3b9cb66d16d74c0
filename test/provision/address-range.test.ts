import { expect, test } from "vitest";

import { canonicalRange, isSameRange } from "../../provision/address-range.ts";

test.each([
  ["192.0.2.7", "192.0.2.7/32"],
  ["192.0.2.7/24", "192.0.2.0/24"],
  ["192.0.2.255/25", "192.0.2.128/25"],
  ["203.0.113.9/0", "0.0.0.0/0"],
  ["2001:DB8:0:0:0:0:0:7", "2001:db8::7/128"],
  ["2001:db8:ffff:ffff::/36", "2001:db8:f000::/36"],
  ["::1/0", "::/0"],
  ["::ffff:192.0.2.1", "::ffff:c000:201/128"],
  ["1::8/127", "1::8/127"],
  ["1::9/127", "1::8/127"],
])("%s is %s", (text, range) => {
  expect(canonicalRange(text)).toBe(range);
  expect(canonicalRange(range)).toBe(range);
});

test.each(["", "nowhere", "192.0.2.7/33", "192.0.2.7/x", "::1/129", "192.0.2.7/-1"])(
  "%j is no range and stays",
  (text) => {
    expect(canonicalRange(text)).toBe(text);
  },
);

test("two ways to write a range are the same", () => {
  expect(isSameRange("192.0.2.7", "192.0.2.7/32")).toBe(true);
  expect(isSameRange("192.0.2.7", "192.0.2.8")).toBe(false);
});
