import { printReport, type Report } from "./support/report.ts";

/** Each bench with the sizes that it is run with: in full, or just so that it is seen to work. */
const benches: Record<string, (tiny: boolean) => Promise<Report | undefined>> = {
  dispatch: async (tiny) => (await import("./dispatch.ts")).dispatch(tiny ? 1 : 30),
  cycle: async (tiny) => (await import("./cycle.ts")).cycle(tiny ? 1 : 30),
  throughput: async (tiny) =>
    (await import("./throughput.ts")).throughput(tiny ? 40 : 1000, tiny ? 1 : 3, tiny ? 2 : 30),
  growth: async (tiny) => {
    const { growth } = await import("./growth.ts");
    return tiny
      ? growth([2, 250], [1, 5], 1)
      : growth([10, 1000, 10_000, 100_000], [10, 100, 1000, 10_000], 15);
  },
  size: async (tiny) => (await import("./size.ts")).size(tiny ? 250 : 10_000),
  audit: async (tiny) => (await import("./audit.ts")).audit(tiny ? 250 : 3_300, tiny ? 1 : 5),
  idle: async (tiny) => (await import("./idle.ts")).idle(tiny ? 1 : 60, tiny ? 2000 : 8000),
  routing: async (tiny) =>
    (await import("./routing.ts")).routing(tiny ? 100 : 20_000, tiny ? 1 : 30, tiny ? 1000 : 12_000),
  openclaw: async (tiny) => (await import("./openclaw.ts")).openclaw(tiny ? 1 : 10),
  provision: async (tiny) => (await import("./provision.ts")).provision(tiny ? 1 : 20),
  // It prints its own figures.
  parse: async () => {
    await import("./parse.ts");
    return undefined;
  },
};

const words = process.argv.slice(2);
const [name = ""] = words.filter((word) => !word.startsWith("--"));
const bench = benches[name];
if (bench) {
  const report = await bench(words.includes("--tiny"));
  if (report && words.includes("--json")) console.log(JSON.stringify(report, undefined, 2));
  else if (report) printReport(report);
} else {
  console.error(
    `npm run bench -- <name> [--json] [--tiny]; name is one of ${Object.keys(benches).join(", ")}`,
  );
  process.exitCode = 2;
}
