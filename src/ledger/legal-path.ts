import { TaskId } from "../core/ids.ts";
import type { Breach } from "./legal.ts";
import { paths } from "./paths.ts";
import type { FileChange, Step } from "./step.ts";

/** A node writes its own kinds of files and nothing else. */
export function illegalPath({ files }: Step): Breach | undefined {
  for (const [path, change] of files) {
    const reason = why(path, change);
    if (reason !== undefined) return { reason };
  }
  return undefined;
}

function why(path: string, { before, after }: FileChange): string | undefined {
  if (before === undefined && after === undefined) return `${path} is no regular file`;
  switch (kindOf(path)) {
    case "page":
      return after === undefined ? `a node removed ${path}` : undefined;
    case "record":
      return undefined;
    case "inbox":
      return after === undefined ? undefined : `a node wrote ${path}, which is people's`;
    case "foreign":
      return `a node touched ${path}`;
  }
}

function kindOf(path: string): "page" | "record" | "inbox" | "foreign" {
  if (path === paths.queue || path === paths.current || path === paths.heartbeat) return "page";
  const id = /^worker\/RESULTS\/([^/]+?)(?:\.late-\d+)?\.md$/.exec(path)?.[1];
  if (TaskId.safeParse(id).success) return "record";
  if (/^worker\/ARCHIVE\/\d{4}\/\d\d\/\d\d(?:-\d+)?\.md$/.test(path)) return "record";
  return path.startsWith(`${paths.inbox}/`) ? "inbox" : "foreign";
}
