import { handsOf, type Parts } from "../../../provision/carry-out.ts";
import type { Facts } from "../../../provision/facts.ts";
import type { Hands } from "../../../provision/hands.ts";
import { leftBehind } from "../../../provision/left-behind.ts";
import type { Progress } from "../../../provision/progress.ts";
import type { Wanted } from "../../../provision/wanted.ts";
import type { Config } from "../../config/settle.ts";
import { Fault } from "../../fault.ts";
import type { OwnKey } from "../../wire/provisioning.ts";
import type { Cli } from "../cli.ts";
import type { Asked } from "./asked.ts";
import { lastBeatAt } from "./last-beat.ts";
import { targetFor } from "./target-for.ts";
import { Teller } from "./teller.ts";
import { wantedOf } from "./wanted-of.ts";

const exitBySignal = 130;

/** Everything that one run of provision-worker works with, until it is disposed of. */
export class Session implements AsyncDisposable {
  readonly cli: Cli;
  readonly asked: Asked;
  readonly parts: Parts;
  readonly ownKey: OwnKey;
  readonly hands: Hands;
  readonly teller: Teller;
  /** As last seen of the world. */
  readonly facts: Facts = {};
  readonly #done: string[] = [];
  readonly #interrupt: Disposable;

  private constructor({ cli, asked, parts, ownKey }: Pick<Session, "cli" | "asked" | "parts" | "ownKey">) {
    this.cli = cli;
    this.asked = asked;
    this.parts = parts;
    this.ownKey = ownKey;
    this.hands = this.#remembering(handsOf(parts));
    this.teller = new Teller(cli);
    this.#interrupt = cli.world.onSignal("SIGINT", () => this.#leave());
  }

  static async open(cli: Cli, asked: Asked): Promise<Session> {
    const config = await configOf(cli, asked);
    const provisioning = await cli.world.provisioning(config);
    const { hostKey, acceptNewHostKey, onlyPlan: onlyLook } = asked;
    const target = targetFor(asked.where, await provisioning.knownTarget(asked.name));
    const provider = target.kind === "cloud" ? await provisioning.provider(target.provider) : undefined;
    const { wanted, repoHost, credentials, ownKey } = await wantedOf(
      cli,
      { ...asked, target },
      { config, provisioning },
    );
    if (ownKey.isNew && !cli.json) cli.tell(`Made an ssh key for workers: ${ownKey.from}`);
    const parts: Parts = {
      wanted,
      machine: await provisioning.machine({ wanted, hostKey, acceptNewHostKey, onlyLook }),
      provider,
      repoHost,
      packPawl: () => provisioning.packPawl(),
      credentials: new Map(credentials.map(({ name, value }) => [name, value])),
      clock: cli.world.clock,
      lastBeat: lastBeatAt(cli, config, asked),
    };
    const session = new Session({ cli, asked, parts, ownKey });
    session.teller.looking();
    return session;
  }

  get wanted(): Wanted {
    return this.parts.wanted;
  }

  readonly tell = (progress: Progress): void => {
    if (progress.event === "done") this.#done.push(progress.step);
    this.teller.tell(progress);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#interrupt[Symbol.dispose]();
    this.teller[Symbol.dispose]();
    await this.parts.machine[Symbol.asyncDispose]();
  }

  /** What runs on the machine goes on, and the next run attaches to it; so there is nothing to wait for. */
  #leave(): void {
    const { cli, wanted } = this;
    const left = leftBehind(this.#done, this.facts, wanted);
    if (left) this.tell(left);
    this.teller[Symbol.dispose]();
    if (!cli.json) cli.tell("Stopped. Run the same again: it goes on with what is not done yet.");
    cli.world.exit(exitBySignal);
  }

  #remembering(hands: Hands): Hands {
    const { facts } = this;
    return {
      gatherCloud: async () => (facts.cloud = await hands.gatherCloud()),
      gatherMachine: async (server, tell) => Object.assign(facts, await hands.gatherMachine(server, tell)),
      gatherRepository: async () => (facts.repository = await hands.gatherRepository()),
      lockMachine: () => hands.lockMachine(),
      carryOut: (deed, errand) => hands.carryOut(deed, errand),
    };
  }
}

/** A person who names the repository needs no configuration. */
async function configOf(cli: Cli, { repo }: Asked): Promise<Config> {
  try {
    return await cli.config();
  } catch (error) {
    if (repo === undefined || !(error instanceof Fault) || error.code !== "CONFIG_MISSING") throw error;
    return cli.readConfig({ PAWL_REMOTE: repo });
  }
}
