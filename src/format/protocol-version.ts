/** The version of PROTOCOL.md that this program speaks. */
export const protocolVersion = 1;

/** The version that a repository's PROTOCOL.md names; undefined when there is no such line in it. */
export function readProtocolVersion(text: string): number | undefined {
  const version = /^Protocol version: (\d{1,6})\s*$/m.exec(text)?.[1];
  return version === undefined ? undefined : Number(version);
}
