// node summary.mjs REPORT...: the last line is `N passed, N failed`; the results of a later report stand for those of an earlier one.
// node summary.mjs --never-ran REPORT: the test files that have no result, because their process could not be started or
// was killed. A test that failed is a result.
import { existsSync, globSync, readFileSync } from "node:fs";
import { relative } from "node:path";

const args = process.argv.slice(2);
if (args[0] === "--never-ran") {
  const ran = new Set(read(args[1]).testResults.filter(hasResult).map(name));
  const files = [...globSync("test/**/*.test.ts")].filter((file) => !ran.has(file));
  console.log(files.join("\n"));
} else {
  summarize(args.map(read));
}

function summarize(reports) {
  const byFile = new Map(reports.flatMap(({ testResults }) => testResults).map((file) => [name(file), file]));
  const missing = [...globSync("test/**/*.test.ts")].filter((file) => !byFile.has(file));
  const files = [...byFile.values()];
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const count = (...states) => tests.filter(({ status }) => states.includes(status)).length;
  const broken = files.filter((file) => !hasResult(file));

  for (const file of files) {
    if (file.status !== "failed") continue;
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    console.log(`failed: ${name(file)}${failed.length === 0 ? `: ${file.message}` : ""}`);
    for (const { fullName, failureMessages } of failed) {
      console.log(
        `  ${fullName}\n    ${failureMessages.join("\n").slice(0, 600).replaceAll("\n", "\n    ")}`,
      );
    }
  }
  for (const file of missing) console.log(`has no result: ${file}`);
  const errors = reports.at(-1).success ? 0 : 1;
  const failed = count("failed") + broken.length + missing.length;
  const skipped = count("pending", "skipped", "todo", "disabled");
  const all = failed === 0 ? errors : failed;
  console.log(`${count("passed")} passed, ${all} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = all > 0 ? 1 : 0;
}

function hasResult({ status, assertionResults }) {
  return status !== "failed" || assertionResults.some((test) => test.status === "failed");
}

function name({ name: path }) {
  return relative(process.cwd(), path);
}

function read(path) {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (text !== "") return JSON.parse(text);
  console.error("vitest ended without a report");
  return { success: false, testResults: [] };
}
