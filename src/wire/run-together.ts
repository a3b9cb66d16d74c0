/**
 * Runs loops that belong together until `stop`. When one of them breaks the others are stopped too, and end what they
 * have under way; only then it rejects, with the first reason there was.
 */
export async function runTogether(
  loops: readonly ((stop: AbortSignal) => Promise<void>)[],
  stop: AbortSignal,
): Promise<void> {
  const broken = new AbortController();
  const either = AbortSignal.any([stop, broken.signal]);
  const reasons: unknown[] = [];
  const run = async (loop: (stop: AbortSignal) => Promise<void>) => {
    try {
      await loop(either);
    } catch (error) {
      reasons.push(error);
      broken.abort();
    }
  };
  await Promise.all(loops.map((loop) => run(loop)));
  if (reasons.length > 0) throw reasons[0];
}
