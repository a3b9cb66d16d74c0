import { unifiedDiff } from "../../format/unified-diff.ts";
import type { Facts } from "../../openclaw/facts.ts";
import type { Step } from "../../openclaw/plan.ts";

type View = {
  version: string;
  workspace: string;
  dryRun: boolean;
  changed: { what: string; diff: string | null; copy: string | null }[];
  left: { what: string; why: string }[];
  /** What OpenClaw did not take, or could not because no Gateway runs. */
  stuck: { what: string; why: string }[];
};

export function viewOf(steps: readonly Step[], { version, workspace }: Facts, dryRun: boolean): View {
  const view: View = { version, workspace, dryRun, changed: [], left: [], stuck: [] };
  for (const step of steps) {
    if (step.kind === "leave") view.left.push({ what: step.what, why: step.why });
    else if (step.kind === "stuck") view.stuck.push({ what: step.what, why: step.fault.message });
    else if (step.kind === "tell") view.changed.push({ what: step.what, diff: null, copy: null });
    else view.changed.push(fileView(step));
  }
  return view;
}

function fileView({ path, before, after, copy }: Step & { kind: "file" }): View["changed"][number] {
  const verb = before === undefined ? "write" : after === undefined ? "remove" : "change";
  return {
    what: `${verb} ${path}`,
    diff: unifiedDiff(path, before ?? "", after ?? ""),
    copy: copy ?? null,
  };
}

export function viewText({ version, workspace, dryRun, changed, left, stuck }: View): string {
  const mark = dryRun ? "would" : "did";
  const lines = [
    `OpenClaw ${version}, workspace ${workspace}`,
    ...changed.flatMap(({ what, diff, copy }) => [
      `${mark}  ${what}`,
      ...(copy === null ? [] : [`       what stood there ${dryRun ? "would be" : "is"} kept as ${copy}`]),
      ...(diff === null
        ? []
        : diff
            .trimEnd()
            .split("\n")
            .map((line) => `       ${line}`)),
    ]),
    ...left.map(({ what, why }) => `left  ${what}: ${why}`),
    ...stuck.map(({ what, why }) => `stuck  ${what}: ${why}`),
  ];
  return lines.join("\n");
}
