#!/usr/bin/env node
// Stands in for `openclaw` on a worker: tells its version, and answers any task with what it saw of its surroundings.
import { writeFileSync } from "node:fs";

if (process.argv.includes("--version")) {
  console.log("OpenClaw 2026.9.6 (stand-in)");
} else {
  const hasKey = process.env.ANTHROPIC_API_KEY !== undefined;
  const final = `# Done\n\nOn Node ${process.version}, ${hasKey ? "with" : "without"} a key.\n`;
  writeFileSync("RESULT.md", final);
  console.log(
    JSON.stringify({ ok: true, status: "ok", final, payloads: [{ text: final }], model: "stand-in" }),
  );
}
