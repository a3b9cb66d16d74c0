/** What became of asking one source of a worker's status. */
export type Look<Value> =
  | { is: "seen"; value: Value; ms: number }
  | { is: "unreachable"; code: string; why: string }
  /** It was not even tried: no token, no address, no configuration. */
  | { is: "not-asked"; why: string };

export function seenIn<Value>(look: Look<Value>): Value | undefined {
  return look.is === "seen" ? look.value : undefined;
}
