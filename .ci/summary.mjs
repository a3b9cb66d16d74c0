// Prints `N passed, N failed` from vitest's JSON report; runs on whatever Node the machine has.
import { readFileSync } from "node:fs";

const report = read(process.argv[2]);
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) =>
    status === "failed" && assertionResults.every((test) => test.status !== "failed"),
).length;
const failed = report.numFailedTests + brokenFiles;
const skipped = report.numPendingTests + report.numTodoTests;

console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 || !report.success ? 1 : 0;

function read(path) {
  const text = readFileSync(path, "utf8");
  if (text !== "") return JSON.parse(text);
  console.error("vitest ended without a report");
  return {
    success: false,
    testResults: [],
    numPassedTests: 0,
    numFailedTests: 1,
    numPendingTests: 0,
    numTodoTests: 0,
  };
}
