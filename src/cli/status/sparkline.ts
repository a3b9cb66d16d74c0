const eighths = "▁▂▃▄▅▆▇█";

/** Numbers as one line of little bars, the largest as high as a line; nothing is a dot, and something never is. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) => (count <= 0 ? "·" : eighths.charAt(Math.ceil((count / most) * eighths.length) - 1)))
    .join("");
}
