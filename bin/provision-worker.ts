#!/usr/bin/env node
import { requireNode } from "./require-node.ts";

requireNode("provision-worker");
const { mainOf } = await import("../src/cli/program.ts");
process.exitCode = await mainOf("provision-worker", process.argv.slice(2));
