import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { renderResult } from "../../src/format/result.ts";
import { queueText } from "../support/ledgers.ts";
import { Repos } from "../support/repos.ts";
import { anId } from "../support/tasks.ts";

const bin = resolve(import.meta.dirname, "../../bin/pawl.ts");
const text = "The second offer is the best one. ".repeat(1000);

/** The SDK's own client against a real `pawl mcp`, over its standard input and output. */
describe("an agent over the Model Context Protocol", { tags: ["slow"] }, () => {
  let repos: Repos;
  let client: Client;

  beforeAll(async () => {
    const facts = { attempt: 1, started: undefined, tried: [], facts: {}, why: undefined, lease: undefined };
    const about = { id: anId(1), title: "Compare the offers", outcome: "succeeded", request: {} } as const;
    const ended = "2026-11-21T10:00:00Z";
    repos = await Repos.make({
      "worker/QUEUE.md": queueText([]),
      [`worker/RESULTS/${anId(1)}.md`]: renderResult({ ...about, ...facts, ended, text }),
    });
    const config = join(repos.folder, "pawl.config.yaml");
    await writeFile(config, `remote: ${repos.hub}\nname: desk\nstate: state\n`);
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [bin, "mcp", "--config", config],
      stderr: "inherit",
    });
    client = new Client({ name: "test", version: "1" });
    await client.connect(transport);
  });

  afterAll(async () => {
    await client.close();
    await repos[Symbol.asyncDispose]();
  });

  async function call(name: string, given: Record<string, unknown> = {}) {
    const { content, isError = false } = await client.callTool({ name, arguments: given });
    const said = (content as { text: string }[])[0]?.text ?? "";
    return { isError, said, value: isError ? {} : (JSON.parse(said) as Record<string, unknown>) };
  }

  test("finds the tools, each with words on when to use it and what to give it", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "submit_task",
      "get_task",
      "list_tasks",
      "read_result",
      "cancel_task",
      "ask_owner",
      "get_answer",
    ]);
    for (const tool of tools) {
      expect(tool.description).toMatch(/\w{4}/);
      expect(tool.inputSchema).toMatchObject({ type: "object" });
    }
  });

  test("hands out work, looks at it and takes it back", async () => {
    const { value } = await call("submit_task", {
      prompt: "Compare the offers",
      needs: "gpu",
      timeout: "2h",
    });
    expect(value).toMatchObject({ state: "queued", existing: false });
    expect(await call("get_task", { id: value["id"] })).toMatchObject({
      value: { title: "Compare the offers", request: { needs: ["gpu"], timeout: 7200 } },
    });
    expect(await call("list_tasks")).toMatchObject({ value: { tasks: [{ id: value["id"] }], more: 0 } });
    expect(await call("cancel_task", { id: value["id"] })).toMatchObject({ value: { kind: "cancelled" } });
  });

  test("reads a long result piece by piece", async () => {
    const { value } = await call("list_tasks", { ended: true });
    expect(value).toMatchObject({ tasks: [{ id: anId(1), state: "succeeded" }] });
    expect(JSON.stringify(value).length).toBeLessThan(1000);
    let read = "";
    for (let rest = 1; rest > 0;) {
      const part = (await call("read_result", { id: anId(1), offset: read.length })).value;
      read += String(part["text"]);
      rest = Number(part["rest"]);
    }
    expect(read).toBe(text);
  });

  test("is told what is wrong and what to do, as an answer", async () => {
    expect(await call("get_task", { id: "zzzzz" })).toMatchObject({
      isError: true,
      said: expect.stringContaining("TASK_NOT_FOUND") as string,
    });
    expect(await call("submit_task", { prompt: "x", timeout: "soon" })).toMatchObject({
      isError: true,
      said: expect.stringContaining("a duration is written like") as string,
    });
    expect(await call("ask_owner", { question: "Send them?" })).toMatchObject({
      isError: true,
      said: expect.stringContaining("MAIN_ELSEWHERE") as string,
    });
  });
});
