export function short(commit: string): string {
  return commit.slice(0, 7);
}
