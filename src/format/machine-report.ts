import { MachineReport } from "../core/machine-report.ts";

export function renderMachineReport(report: MachineReport): string {
  return `${JSON.stringify(report)}\n`;
}

/** Undefined for a text that is no report of a version we know. */
export function parseMachineReport(text: string): MachineReport | undefined {
  try {
    return MachineReport.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
