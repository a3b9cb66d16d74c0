import type { Life } from "./machine.ts";
import type { World } from "./world.ts";

export type Sent<Answer> =
  | { kind: "answered"; answer: Answer }
  /** The network said at once that there is no way. */
  | { kind: "refused" }
  /** Nothing came back in time. It may have been done all the same, or may be done yet. */
  | { kind: "silence" };

/**
 * Sends a question to the hub, where `act` is done when it arrives. Whoever asks gets the answer, or silence after his
 * deadline; a question that is still under way then may arrive later nevertheless.
 */
export function sendOver<Answer>(
  life: Life,
  world: World,
  { deadlineMs, isPush = false }: { deadlineMs: number; isPush?: boolean },
  act: () => Answer,
): Promise<Sent<Answer>> {
  const { machine } = life;
  const { timeline, counts } = world;
  const way = plan(life, world);
  return new Promise((resolve) => {
    if (machine.network === "refusing") {
      timeline.after(way.thereMs, () => life.deliver(() => resolve({ kind: "refused" })));
      return;
    }
    const deadline = timeline.after(deadlineMs / (1 + machine.clockwork.rate), () =>
      life.deliver(() => resolve({ kind: "silence" })),
    );
    if (way.lostThere || machine.network === "silent" || (isPush && machine.network === "one-way")) {
      counts.lostRequests++;
      return;
    }
    timeline.after(way.thereMs, () => {
      const answer = act();
      if (way.lostBack || machine.network === "silent" || machine.network === "refusing") {
        counts.lostAnswers++;
        return;
      }
      timeline.after(way.backMs, () =>
        life.deliver(() => {
          timeline.cancel(deadline);
          resolve({ kind: "answered", answer });
        }),
      );
    });
  });
}

function plan({ machine }: Life, { calm, traits }: World) {
  const { luck } = machine;
  const slow = !calm && luck.flip(traits.slow);
  return {
    lostThere: !calm && luck.flip(traits.lossThere),
    lostBack: !calm && luck.flip(traits.lossBack),
    thereMs: slow ? luck.skewed(100, 28_000) : luck.between(5, 150),
    backMs: slow ? luck.skewed(100, 15_000) : luck.between(5, 150),
  };
}
