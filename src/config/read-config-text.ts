import { isMap, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";

import { Fault } from "../fault.ts";
import { explain, type Problem } from "./explain.ts";
import { findInlineSecrets } from "./inline-secrets.ts";
import { routingProblems } from "./routing-names.ts";
import { ConfigFile } from "./schema.ts";

type Complaint = { offset: number; text: string };

/**
 * Reads a configuration, YAML or JSON. A bad one is refused as a whole, with all its problems at once.
 *
 * @param name how the file is called in messages
 */
export function readConfigText(text: string, name: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const complaints = document.errors.map(({ pos, message }): Complaint => ({
    offset: pos[0],
    text: message,
  }));
  if (complaints.length === 0) {
    const checked = check(document);
    if (!Array.isArray(checked)) return checked;
    complaints.push(...checked);
  }
  const sorted = complaints.toSorted((a, b) => a.offset - b.offset);
  const told = sorted.map(({ offset, text: problem }) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}: ${problem}`;
  });
  throw new Fault("CONFIG_INVALID", told.join("\n"), {
    hint: "None of the file is used. `pawl config check` reads it again, `pawl config schema` tells an editor what may stand in it.",
  });
}

function check(document: Document.Parsed): ConfigFile | Complaint[] {
  const input: unknown = document.toJS() ?? {};
  const secrets = findInlineSecrets(document).map(({ offset, where }): Complaint => ({
    offset,
    text: `${where} looks like a secret; name an environment variable or file instead`,
  }));
  const read = ConfigFile.safeParse(input);
  const names = routingProblems(input);
  if (read.success && names.length === 0 && secrets.length === 0) return read.data;
  const covered = new Set(secrets.map(({ offset }) => offset));
  return [
    ...secrets,
    ...located(
      [...(read.error?.issues ?? []).flatMap((issue) => explain(issue, ConfigFile, input)), ...names],
      document,
    ),
  ].filter(
    ({ offset, text }, n) => n < secrets.length || !covered.has(offset) || text.startsWith("unknown key"),
  );
}

function located(problems: readonly Problem[], document: Document.Parsed): Complaint[] {
  return problems.map(({ path, onKey, text }) => ({
    offset: offsetOf(document.contents, path, onKey),
    text,
  }));
}

/** Where the value of a path stands, or its key; where there is none, the nearest thing around it. */
function offsetOf(root: Node | null, path: readonly PropertyKey[], onKey: boolean): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [n, key] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === String(key));
      if (!pair) return offset;
      const wanted = onKey && n === path.length - 1 ? pair.key : (pair.value ?? pair.key);
      offset = rangeStart(wanted) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = rangeStart(node) ?? offset;
    }
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return (node as Partial<Node> | null | undefined)?.range?.[0];
}
