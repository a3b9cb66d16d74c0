import { parseArgs } from "node:util";

import { brokenByMail, mail } from "./mail.ts";

/** `npm run soak:mail -- --kills 200 [--events 200] [--seed 7]`; exits with 1 when a promise was broken. */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    events: { type: "string", default: "200" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
  },
});
const report = await mail({
  kills: Number(values.kills),
  events: Number(values.events),
  seed: Number(values.seed),
  tell: (line) => void process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report, undefined, 1)}\n`);
process.exitCode = brokenByMail(report).length === 0 ? 0 : 1;
