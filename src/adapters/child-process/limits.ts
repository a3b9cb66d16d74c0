/** What one attempt may use up of this machine. */
export type Limits = {
  memoryBytes?: number | undefined;
  processes?: number | undefined;
  /** Of one core. */
  cpuPercent?: number | undefined;
};

export function hasLimits(limits: Limits): boolean {
  return Object.values(limits).some((limit) => limit !== undefined);
}
