import type { ExecutorSettings } from "../settings.ts";
import { commandExecutor } from "./command.ts";
import type { Executor } from "./executor.ts";
import { openclawExecutor } from "./openclaw.ts";
import { templateExecutor } from "./template.ts";

export function executorFor(settings: ExecutorSettings): Executor {
  switch (settings.kind) {
    case "command":
      return commandExecutor(settings);
    case "openclaw":
      return openclawExecutor(settings);
    case "template":
      return templateExecutor(settings);
    default:
      return settings satisfies never;
  }
}
