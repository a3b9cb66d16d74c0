import { mainOf } from "../../src/cli/program.ts";
import type { NodeName } from "../../src/core/ids.ts";
import type { Result } from "../../src/core/outcome.ts";
import { provisioned } from "../provision/play.ts";
import { Desk, type Said } from "./desk.ts";
import { queueText } from "./ledgers.ts";
import { ModelProvisioning } from "./model-provisioning.ts";
import { aBeat } from "./seen.ts";
import { adasToken, anId, aTask } from "./tasks.ts";

const config = "remote: git@github.com:you/coordination.git\nname: desk\nstate: state\n";
const worker = "pawl-worker-1" as NodeName;

export type Well = AsyncDisposable & {
  desk: Desk;
  model: ModelProvisioning;
  /** Types `worker-status`. */
  type(...args: string[]): Promise<Said>;
};

/** A desk from which a worker was made that runs a task and is well; `isMade: false`: nobody has made one. */
export async function wellWorker({ isMade = true } = {}): Promise<Well> {
  const running = aTask({
    state: { kind: "running", by: worker, token: adasToken },
    attempt: 2,
    title: "Compare the offers",
  });
  const desk = await Desk.sitDown({ config, queue: queueText([running]) });
  const model = new ModelProvisioning();
  desk.world.provisioning = async () => model.open();
  const run = async (program: "provision-worker" | "worker-status", ...args: string[]) => {
    desk.screens.out.text = desk.screens.err.text = "";
    const code = await mainOf(program, args, desk.world);
    return { code, out: desk.screens.out.text, err: desk.screens.err.text };
  };
  if (isMade) {
    await run("provision-worker", "--plan");
    const { machine } = await provisioned(model.world!);
    machine!.run({ name: "enable", values: { units: ["openclaw-worker.service"] } });
    machine!.state.deployKey!.madeAt = Date.parse("2026-11-09T10:00:00Z") / 1000;
    machine!.state.hostKeyMadeAt = machine!.state.deployKey!.madeAt;
    for (const unit of Object.values(machine!.state.units)) unit.sinceSeconds = 273_600;
    model.known = [worker];
    model.target = model.world!.wanted.target;
  }
  model.serviceLines = serviceLines({ now: "2026-11-21T10:00:30Z" });
  desk.beat({
    ...aBeat(),
    running: [{ task: anId(), token: adasToken, attempt: 2, seconds: 720, progress: "half way" }],
  });
  return {
    desk,
    model,
    type: (...args) => run("worker-status", ...args),
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

/** What a machine prints to the script of `worker-status`. */
function serviceLines({ now }: { now: string }): string {
  const line = (word: string, text: string) => `${word} ${Buffer.from(text).toString("base64")}\n`;
  return (
    line("now", `${Date.parse(now) / 1000}\n`) +
    line("crontab", "0 3 * * * backup\n") +
    line("journal", "17:49:24  T-20261121-00001 claimed by pawl-worker-1\n") +
    line("heartbeat", "Sat 2026-11-21 10:05:01 UTC\n")
  );
}

export function aResultOfWorker(about: Partial<Result> = {}): Result {
  return {
    id: anId(2),
    title: "Read the news",
    outcome: "succeeded",
    why: undefined,
    lease: { by: worker, token: adasToken },
    attempt: 1,
    started: "2026-11-21T09:00:00Z",
    ended: "2026-11-21T09:05:00Z",
    request: {},
    tried: [],
    facts: {},
    text: "Done.",
    ...about,
  };
}
