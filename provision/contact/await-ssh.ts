import { Fault, type FaultCode } from "../../src/fault.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { RemoteHost } from "../../src/ports/remote-host.ts";

export type Patience = {
  clock: Clock;
  seconds: number;
  everySeconds: number;
  /** Called after each attempt that came to nothing: why, for people, and how long it is by now. */
  onWait: (obstacle: string, seconds: number) => void;
};

/** What a machine that comes into being goes through, in few words. Its image's own host key may be up before ours. */
const obstacles: Partial<Record<FaultCode, string>> = {
  SSH_REFUSED: "connection refused",
  SSH_TIMEOUT: "no answer",
  SSH_LOST: "connection lost",
  SSH_AUTH: "our key is not let in yet",
  HOST_KEY_CHANGED: "it shows another host key",
};

/** Comes again and again until ssh lets us in; at the end of the time the last obstacle is thrown. */
export async function awaitSsh(open: () => Promise<RemoteHost>, patience: Patience): Promise<RemoteHost> {
  const { clock, seconds, everySeconds, onWait } = patience;
  const startMs = clock.monotonicMs();
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const obstacle = error instanceof Fault ? obstacleOf(error) : undefined;
      if (!(error instanceof Fault) || obstacle === undefined) throw error;
      const waited = Math.round((clock.monotonicMs() - startMs) / 1000);
      if (waited >= seconds) throw waited === 0 ? error : lasting(error, waited);
      onWait(obstacle, waited);
    }
    await clock.sleep(everySeconds * 1000);
  }
}

/** Of the ways not to come through, one is usual; any other says itself what it is. */
function obstacleOf({ code, message }: Fault): string | undefined {
  return code === "SSH_REFUSED" && !message.includes("refuses connections") ? message : obstacles[code];
}

function lasting({ code, message, hint }: Fault, seconds: number): Fault {
  return new Fault(code, `${message}, for ${seconds} s now`, { hint });
}
