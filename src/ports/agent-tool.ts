/** Something that an agent may call by name, as the Model Context Protocol has it. */
export type AgentTool = {
  name: string;
  /** Read by the agent's model: when to use it, and what it answers. */
  description: string;
  /** A zod object: what it may be given. */
  input: object;
  /** Changes nothing. */
  readOnly: boolean;
  /** Rejects with a Fault for whatever the agent can mend. */
  run(given: unknown): Promise<object>;
};
