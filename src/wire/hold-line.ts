import { Fault } from "../fault.ts";
import type { Clock } from "../ports/clock.ts";
import type { Listening, OwnerLine } from "../ports/owner-line.ts";
import type { Courier } from "../routing/courier/courier.ts";
import { deadLine, knock } from "../routing/courier/strangers.ts";

export type HeldLine = {
  network: "telegram" | "discord";
  /** Opens it with the settings of now; undefined where they have none. */
  open: () => Promise<OwnerLine | undefined>;
  /** Another object when they were read again: who may speak, and with which token, may be others. */
  settings: () => unknown;
  courier: Pick<Courier, "hear" | "tell">;
  clock: Clock;
};

/** A line that is dead is tried again: whoever mended it need not start main anew. */
const deadPauseMs = 300_000;

/** How soon a line ends after its settings have been replaced. Nothing is heard on it meanwhile. */
const lookMs = 1000;

/** Hears what people say on one network until `stop`, with the settings that hold at the time. */
export async function holdLine(held: HeldLine, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const settings = held.settings();
    const isOld = () => held.settings() !== settings;
    const end = new AbortController();
    const ending = async () => {
      while (!stop.aborted && !isOld()) await held.clock.sleep(lookMs, stop);
      end.abort();
    };
    await Promise.all([listen(held, isOld, end.signal), ending()]);
  }
}

async function listen(held: HeldLine, isOld: () => boolean, end: AbortSignal): Promise<void> {
  const { open, network, courier, clock } = held;
  const broken = (code: string, why: string) =>
    courier.tell(deadLine(network, { code, why, at: clock.now().toISOString() }));
  const listening: Listening = {
    async hear(heard) {
      // Whoever says it may be off the list by now. It is asked for again, and judged by the new one.
      if (isOld()) throw new Error("the configuration was read again");
      return courier.hear(heard, network);
    },
    turnedAway: (stranger) => courier.tell(knock(stranger, network)),
    broken,
  };
  while (!end.aborted) {
    try {
      await (await open())?.listen(listening, end);
    } catch (error) {
      // Such as a token that is not there. What a library throws may hold one, and is not told.
      broken("NOT_SET_UP", error instanceof Fault || isPlain(error) ? error.message : "the line broke");
    }
    await clock.sleep(deadPauseMs, end);
  }
}

function isPlain(error: unknown): error is Error {
  return error instanceof Error && error.constructor === Error;
}
