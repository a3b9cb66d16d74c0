#!/usr/bin/env node
import { requireNode } from "./require-node.ts";

requireNode("worker-status");
const { mainOf } = await import("../src/cli/program.ts");
process.exitCode = await mainOf("worker-status", process.argv.slice(2));
