/** Where a machine is reached, and as whom. */
export type Address = { user: string; address: string; port: number };

/** As people write it: the port only where it is not ssh's own. */
export function shownAddress({ user, address, port }: Address): string {
  const host = address.includes(":") ? `[${address}]` : address;
  return `${user}@${host}${port === 22 ? "" : `:${port}`}`;
}
