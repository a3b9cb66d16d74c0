#!/usr/bin/env node
import { requireNode } from "./require-node.ts";

requireNode("pawl");
const { main } = await import("../src/cli/program.ts");
process.exitCode = await main(process.argv.slice(2));
