import type { Step } from "./step.ts";
import { cloudSteps } from "./steps/cloud.ts";
import { contactSteps } from "./steps/contact.ts";
import { hardeningSteps } from "./steps/hardening.ts";
import { identitySteps, reachableStep, rightsStep } from "./steps/identity.ts";
import { runtimeSteps } from "./steps/runtime.ts";
import { serviceSteps, startSteps } from "./steps/service.ts";
import { systemSteps } from "./steps/system.ts";

/** Everything that makes a machine a worker, in the order in which it is done. */
export const allSteps: readonly Step[] = [
  rightsStep,
  ...cloudSteps,
  ...contactSteps,
  ...systemSteps,
  ...runtimeSteps,
  ...identitySteps,
  ...serviceSteps,
  ...hardeningSteps,
  reachableStep,
  ...startSteps,
];
