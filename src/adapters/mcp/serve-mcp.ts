import { McpServer, type StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

import { Fault } from "../../fault.ts";
import type { AgentTool } from "../../ports/agent-tool.ts";

type Answer = { content: { type: "text"; text: string }[]; isError?: true };

/** Answers an agent on standard input and output until it hangs up. Nothing else may be written to standard output. */
export async function serveMcp(tools: readonly AgentTool[], version: string): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const handle = serveStdio(() => serverWith(tools, version));
  process.stdin.once("end", resolve).once("close", resolve);
  await over;
  await handle.close();
}

function serverWith(tools: readonly AgentTool[], version: string): McpServer {
  const server = new McpServer({ name: "pawl", version }, { capabilities: { tools: {} } });
  for (const tool of tools) {
    const { name, description, input, readOnly } = tool;
    const annotations = { readOnlyHint: readOnly, openWorldHint: false };
    const inputSchema = input as StandardSchemaWithJSON;
    server.registerTool(name, { description, inputSchema, annotations }, (given: unknown) =>
      answered(() => tool.run(given)),
    );
  }
  return server;
}

/** A fault is an answer: the agent reads what is wrong and what to do. */
async function answered(run: () => Promise<object>): Promise<Answer> {
  try {
    return { content: [{ type: "text", text: JSON.stringify(await run()) }] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const text = `${error.message} [${error.code}]\n${error.hint}`;
    return { content: [{ type: "text", text }], isError: true };
  }
}
