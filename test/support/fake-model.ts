import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";

/** What the model does at one turn. A status and a hang are repeated for as long as the client tries again. */
export type Step =
  | { kind: "reply"; text: string }
  /** Asks for a shell command. */
  | { kind: "exec"; command: string }
  | { kind: "status"; code: number }
  | { kind: "hang" };

export type FakeModel = AsyncDisposable & {
  /** What an OpenAI client is to take for the provider's. */
  address: string;
  /** Each call for an answer, the refused ones too. */
  calls: { model: string; did: Step["kind"] }[];
  /** The whole conversation, at each call. */
  heard: string[];
};

/** Callers who do not know it get status 401. */
export const modelKey = "key-of-the-fake-model";

/** A prompt that tells the model what to do, turn by turn. */
export function scripted(...steps: Step[]): string {
  return `Do what the script says.\n\nSCRIPT: ${JSON.stringify(steps)}\n`;
}

/** A model's provider on a loopback port that talks as OpenAI's chat completions do, streamed or not. */
export async function startFakeModel(): Promise<FakeModel> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const place = server.address();
  const model: FakeModel = {
    address: `http://127.0.0.1:${typeof place === "object" ? place?.port : ""}/v1`,
    calls: [],
    heard: [],
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return model;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url !== "/v1/chat/completions") return refuse(response, 404);
    const asked = (await json(request)) as Asked;
    const isKnown = request.headers.authorization === `Bearer ${modelKey}`;
    const step: Step = isKnown ? nextStep(asked.messages) : { kind: "status", code: 401 };
    model.calls.push({ model: asked.model, did: step.kind });
    model.heard.push(asked.messages.map(textOf).join("\n"));
    switch (step.kind) {
      case "hang":
        return;
      case "status":
        return refuse(response, step.code);
      case "reply":
        return say(response, asked, { content: step.text });
      case "exec":
        return say(response, asked, { tool_calls: [shellCall(step.command, model.calls.length)] });
      default:
        return step satisfies never;
    }
  }
}

type Asked = { model: string; stream?: boolean; messages: Message[] };
type Message = { role: string; content?: string | { text?: string }[] | null };
type Said = { content: string } | { tool_calls: object[] };

/** As many turns are behind us as the assistant had since it was told the script. */
function nextStep(messages: readonly Message[]): Step {
  const told = messages.findLastIndex((message) => message.role === "user" && scriptIn(message));
  const steps = scriptIn(messages[told]) ?? [];
  const turns = messages.slice(told + 1).filter(({ role }) => role === "assistant").length;
  return steps[turns] ?? { kind: "reply", text: "The script is over." };
}

function textOf(message: Message | undefined): string {
  const { content } = message ?? {};
  return Array.isArray(content) ? content.map((part) => part.text ?? "").join("\n") : (content ?? "");
}

function scriptIn(message: Message | undefined): Step[] | undefined {
  const script = /SCRIPT: (\[.*\])$/m.exec(textOf(message))?.[1];
  return script === undefined ? undefined : (JSON.parse(script) as Step[]);
}

function shellCall(command: string, serial: number): object {
  const call = { name: "exec", arguments: JSON.stringify({ command }) };
  return { index: 0, id: `call_${serial}`, type: "function", function: call };
}

/** Each turn costs the same. */
const usage = { prompt_tokens: 120, completion_tokens: 8, total_tokens: 128 };

function say(response: ServerResponse, { model, stream = false }: Asked, said: Said): void {
  const about = { id: "chatcmpl-1", created: 0, model };
  const finish_reason = "content" in said ? "stop" : "tool_calls";
  if (!stream) {
    const choices = [{ index: 0, finish_reason, message: { role: "assistant", content: null, ...said } }];
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ ...about, object: "chat.completion", usage, choices }));
    return;
  }
  const chunk = (rest: object) =>
    `data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", ...rest })}\n\n`;
  const delta = (delta: object, finish_reason: string | null = null) =>
    chunk({ choices: [{ index: 0, delta, finish_reason }] });
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write(delta({ role: "assistant", content: "" }));
  for (const piece of inPieces(said)) response.write(delta(piece));
  response.write(delta({}, finish_reason));
  response.write(chunk({ choices: [], usage }));
  response.end("data: [DONE]\n\n");
}

/** A text comes as it is thought of. */
function inPieces(said: Said): Said[] {
  if ("tool_calls" in said) return [said];
  return (said.content.match(/.{1,12}/gs) ?? []).map((content) => ({ content }));
}

function refuse(response: ServerResponse, code: number): void {
  response.writeHead(code, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ error: { type: "refused", message: `refused with ${code}` } }));
}
