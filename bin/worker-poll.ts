#!/usr/bin/env node
import { requireNode } from "./require-node.ts";

requireNode("worker-poll");
const { main } = await import("../src/cli/program.ts");
process.exitCode = await main(["worker", ...process.argv.slice(2)]);
