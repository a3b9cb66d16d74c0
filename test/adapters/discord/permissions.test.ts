import { OverwriteType, PermissionFlagsBits as bits } from "discord-api-types/v10";
import { expect, test } from "vitest";

import { channelPermissions, type Membership } from "../../../src/adapters/discord/permissions.ts";

const guild = {
  id: "everyone",
  owner_id: "aaron",
  roles: [
    { id: "everyone", permissions: String(bits.ViewChannel) },
    { id: "poster", permissions: String(bits.SendMessages) },
    { id: "admin", permissions: String(bits.Administrator) },
  ],
};
const pawl: Membership = { user: "pawl", roles: ["poster"], guild };

function over(
  id: string,
  { allow = 0n, deny = 0n }: { allow?: bigint; deny?: bigint },
  type = OverwriteType.Role,
) {
  return { id, type, allow: String(allow), deny: String(deny) };
}

test("everybody's permissions and those of a role add up", () => {
  expect(channelPermissions(pawl, [])).toBe(bits.ViewChannel | bits.SendMessages);
});

test("a role's allowance wins over everybody's denial, and the member's own word over both", () => {
  const denied = over("everyone", { deny: bits.SendMessages });
  expect(channelPermissions(pawl, [denied]) & bits.SendMessages).toBe(0n);
  const allowed = over("poster", { allow: bits.SendMessages });
  expect(channelPermissions(pawl, [allowed, denied]) & bits.SendMessages).toBe(bits.SendMessages);
  const own = over("pawl", { deny: bits.SendMessages }, OverwriteType.Member);
  expect(channelPermissions(pawl, [own, allowed, denied]) & bits.SendMessages).toBe(0n);
});

test("who does not see a channel may do nothing in it", () => {
  expect(channelPermissions(pawl, [over("everyone", { deny: bits.ViewChannel })])).toBe(0n);
});

test("roles that the member does not have count for nothing", () => {
  expect(channelPermissions(pawl, [over("admin", { deny: bits.SendMessages })])).toBe(
    bits.ViewChannel | bits.SendMessages,
  );
});

test.each([
  ["an administrator", { ...pawl, roles: ["admin"] }],
  ["the server's owner", { ...pawl, user: "aaron", roles: [] }],
])("%s may do everything, whatever a channel says", (_, member) => {
  const permissions = channelPermissions(member, [over("everyone", { deny: bits.ViewChannel })]);
  expect(permissions & bits.PinMessages).toBe(bits.PinMessages);
});
