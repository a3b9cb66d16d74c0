import { machineBase } from "./base.ts";
import { machinesBootHere } from "./here.ts";
import { nodeDist } from "./node-dist.ts";

// Makes what the tests with machines begin with, so that none of them has to wait for it.
if (machinesBootHere()) {
  const { root } = await machineBase();
  await nodeDist();
  console.log(`machines begin with ${root}`);
}
