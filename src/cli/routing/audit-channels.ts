import { durationText, Duration } from "../../core/duration.ts";
import { Fault } from "../../fault.ts";
import { auditReceipts, type Look, type Misfit } from "../../routing/deliveries/audit-receipts.ts";
import { fold } from "../../routing/deliveries/fold.ts";
import type { Cli } from "../cli.ts";
import { when } from "../when.ts";

type Unseen = { destination: string; why: string; failed: boolean };

/** Answers 1 where something does not fit, or could not be looked at that usually can. */
export async function auditChannels(cli: Cli, given: string): Promise<number> {
  const within = Duration.safeParse(given);
  if (!within.success) {
    throw new Fault("USAGE", `--within ${given} is no length of time`, { hint: "Write 12h or 7d." });
  }
  const config = await cli.config();
  const desk = await cli.world.routing(config);
  const { looks, unseen } = await lookAround(cli);
  const state = fold(await desk.entries());
  const since = new Date(cli.now().getTime() - within.data * 1000).toISOString();
  const misfits = auditReceipts(state, looks, since);
  const seen = looks.map(({ destination }) => destination);
  cli.answer({ since, seen, unseen, misfits }, () =>
    [
      ...misfits.map((one) => `${cli.paint("red", "✗")} ${told(one)}`),
      ...unseen.map(({ destination, why, failed }) =>
        failed
          ? `${cli.paint("red", "✗")} ${destination}: ${why}`
          : cli.paint("dim", `- ${destination}: ${why}`),
      ),
      ...(misfits.length === 0 && seen.length > 0
        ? [
            `${cli.paint("green", "✓")} ${seen.join(", ")}: what was sent within ${durationText(within.data)} is there, and nothing else is`,
          ]
        : []),
    ].join("\n"),
  );
  return misfits.length > 0 || unseen.some(({ failed }) => failed) ? 1 : 0;
}

async function lookAround(cli: Cli): Promise<{ looks: Look[]; unseen: Unseen[] }> {
  const looks: Look[] = [];
  const unseen: Unseen[] = [];
  for (const [destination, channel] of await cli.world.channels(await cli.config())) {
    const asked = cli.now().toISOString();
    const recent = await channel.recent?.();
    if (recent?.kind === "seen") looks.push({ destination, asked, recent });
    else {
      const why = recent?.why ?? "cannot be looked through";
      unseen.push({ destination, why, failed: recent !== undefined });
    }
  }
  return { looks, unseen };
}

function told(misfit: Misfit): string {
  const { destination, at, place } = misfit;
  const where = Object.values(place).join(" ");
  return misfit.kind === "gone"
    ? `${destination}: ${misfit.delivery}, sent ${when(at)}, is not there any more (${where}); somebody has removed it`
    : `${destination}: a post of ours of ${when(at)} that main did not send (${where}): “${misfit.words}”. Somebody else uses this bot's token`;
}
