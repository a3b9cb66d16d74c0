import type * as z from "zod";

import type { AgentTool } from "../../ports/agent-tool.ts";

/** A tool whose `run` gets what its schema makes of what it is given. */
export function tool<Input extends z.ZodObject>(
  about: Omit<AgentTool, "input" | "run"> & {
    input: Input;
    run(given: z.infer<Input>): Promise<object>;
  },
): AgentTool {
  return { ...about, run: async (given) => about.run(about.input.parse(given)) };
}
