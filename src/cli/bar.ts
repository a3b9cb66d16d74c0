const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** A bar for `share` of what `width` cells stand for, in steps of an eighth of a cell; something is never drawn as nothing. */
export function bar(share: number, width: number): string {
  const wanted = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const steps = share > 0 && width > 0 ? Math.max(1, wanted) : 0;
  return "█".repeat(Math.floor(steps / 8)) + (eighths[steps % 8] ?? "");
}
