/** A git object as it is stored. */
export type GitObject = { oid: string; type: string; body: Buffer };

export type TreeEntry = { kind: "file" | "folder" | "other"; oid: string };

/** `<mode> <name>\0<20 or 32 bytes>`, again and again. */
export function parseTree({ oid, body }: GitObject): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  const oidBytes = oid.length / 2;
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const end = body.indexOf(0, space);
    const name = body.toString("utf8", space + 1, end);
    const kind = kindOf(body.toString("latin1", at, space));
    entries.set(name, { kind, oid: body.toString("hex", end + 1, end + 1 + oidBytes) });
    at = end + 1 + oidBytes;
  }
  return entries;
}

/** Symbolic links and other repositories are nothing that we read. */
function kindOf(mode: string): TreeEntry["kind"] {
  if (mode === "40000") return "folder";
  return mode === "100644" || mode === "100755" ? "file" : "other";
}

export type Commit = { oid: string; tree: string; committedAt: number; message: Buffer };

export function parseCommit({ oid, body }: GitObject): Commit {
  const headEnd = body.indexOf("\n\n");
  const head = body.toString("latin1", 0, headEnd);
  const [, tree = ""] = /^tree (\w+)/m.exec(head) ?? [];
  const [, seconds = "0"] = /^committer .* (\d+) [+-]\d+$/m.exec(head) ?? [];
  return { oid, tree, committedAt: Number(seconds), message: body.subarray(headEnd + 2) };
}
