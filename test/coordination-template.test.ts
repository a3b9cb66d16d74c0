import { globSync, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { TaskId } from "../src/core/ids.ts";
import { appendResults, archivedIds, findArchived } from "../src/format/archive.ts";
import { parseBeat } from "../src/format/beat.ts";
import { commitMessage, nodeOf } from "../src/format/commit-message.ts";
import { renderCurrent, type CurrentView } from "../src/format/current.ts";
import { parseHeartbeat, renderHeartbeat } from "../src/format/heartbeat.ts";
import { isInboxFile, readInboxFile } from "../src/format/inbox.ts";
import { protocolVersion, readProtocolVersion } from "../src/format/protocol-version.ts";
import { editQueue } from "../src/format/queue-edit.ts";
import { parseQueue } from "../src/format/queue.ts";
import { parseResult, renderResult } from "../src/format/result.ts";
import { taskOfResult } from "../src/ledger/paths.ts";
import { must, nothingGoingOn } from "./support/formats.ts";
import { ada, anId } from "./support/tasks.ts";

describe("PROTOCOL.md", () => {
  test("names the version that this program speaks", () => {
    expect(readProtocolVersion(file("PROTOCOL.md"))).toBe(protocolVersion);
    expect(readProtocolVersion("a version of 3 lines")).toBeUndefined();
  });

  test("shows queues that are read without complaint, and left alone where nothing is to be done", () => {
    const queues = examples("markdown queue").map((text) => parseQueue(text));
    expect(queues.flatMap(({ bad }) => bad)).toEqual([]);
    for (const queue of queues) {
      const edits = queue.tasks.map(({ task }) => ({ kind: "set", task }) as const);
      expect(editQueue(queue, edits)).toBe(queue.text);
    }
    expect(queues.flatMap(({ tasks }) => tasks.map(({ task }) => [task.state.kind, task.title]))).toEqual([
      ["running", "Rebuild the nightly report"],
      ["blocked", "Tell the subscribers"],
      ["queued", "Write the release notes"],
    ]);
    expect(queues[0]?.unnamed.map(({ title }) => title)).toEqual(["Look into the slow backup"]);
    expect(queues[0]?.inbox?.items.map(({ text }) => text)).toEqual([
      "Renew the certificate of the staging server\nIt ends on Friday.",
      "Water the plants",
    ]);
  });

  test("tells the truth about backslashes before headings", () => {
    expect(parseQueue(examples("markdown queue")[1]!).tasks[0]?.task.prompt).toBe(
      [
        "Use these headings:\n\n## New\n## Mended\n",
        "~~~\n## inside a code block no backslash is needed\n~~~",
      ].join("\n"),
    );
  });

  test("shows sections that cannot be read, each of which is left alone", () => {
    const { tasks, unnamed, bad } = parseQueue(examples("markdown queue-bad").join("\n"));
    expect({ tasks, unnamed }).toEqual({ tasks: [], unnamed: [] });
    expect(bad.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('unknown state "quued"; did you mean queued?'),
      "the key priority stands here twice",
      expect.stringContaining('"T-2026-11-21" is no task id'),
      expect.stringContaining("git's merge markers"),
    ]);
  });

  test("shows a result as it is written", () => {
    const [example] = examples("markdown result");
    expect(renderResult(must(parseResult(example!)))).toBe(example);
  });

  test("shows an archive in which the result is found", () => {
    const [example] = examples("markdown archive");
    const [id] = archivedIds(example!);
    const text = findArchived(example!, id!);
    expect(must(parseResult(text!))).toMatchObject({ id, outcome: "cancelled" });
    expect(appendResults(undefined, [{ id: id!, text: text! }])).toBe(example);
  });

  test("shows two ways to write the same task for the Inbox", () => {
    const [first, second] = examples("markdown inbox").map((text) => readInboxFile("backup.md", text));
    expect(first).toEqual({
      title: "Find the slowest step of the backup",
      request: { priority: "high", needs: ["linux"] },
      prompt: "The logs are in /var/log/backup.",
    });
    expect(second).toEqual(first);
  });

  test("shows a beat", () => {
    const beat = parseBeat(examples("json beat")[0]!);
    expect(beat).toMatchObject({ worker: "w3", state: "busy", every: 60, running: [{ attempt: 2 }] });
  });

  test("shows the pages for people as they are rendered", () => {
    const [current] = examples("markdown current");
    const view: CurrentView = {
      ...nothingGoingOn,
      running: [{ id: report, title: "Rebuild the nightly report", worker: "w3", attempt: 2 }],
    };
    expect(renderCurrent(current!, view)).toBe(current);
    const [heartbeat] = examples("markdown heartbeat");
    expect(renderHeartbeat("", parseHeartbeat(heartbeat!))).toBe(heartbeat);
  });

  test("shows a commit message as it is written", () => {
    const deeds = [`${report} succeeded`, "claims T-20261121-a91mz"];
    const message = commitMessage(ada, "5be1c09d22f4a871", deeds);
    expect(examples("text commit")).toEqual([message.replaceAll("ada", "w3")]);
    expect(nodeOf(message)).toBe(ada);
  });

  test("has no example that is not tried here", () => {
    const tried = [
      "queue",
      "queue-bad",
      "result",
      "archive",
      "inbox",
      "beat",
      "current",
      "heartbeat",
      "commit",
    ];
    const kinds = blocks(file("PROTOCOL.md")).map(({ info }) => info.split(" ")[1]);
    expect(kinds.filter((kind) => kind !== undefined && !tried.includes(kind))).toEqual([]);
  });
});

describe("what PROTOCOL.md says about code and comments", () => {
  const task = (n: number, text: string) => `## ${anId(n)} Task ${n}\n\n- state: queued\n\n${text}\n\n`;
  const ids = (text: string) => parseQueue(text).tasks.map((section) => section.task.id);

  test("holds for code that is not closed before the next task", () => {
    expect(ids(task(1, "```sh\nx") + task(2, "y"))).toEqual([anId(1), anId(2)]);
    expect(ids(task(1, "```sh\nx") + task(2, "```sh\ny\n```"))).toEqual([anId(1), anId(2)]);
  });

  test("holds for code whose other half stands behind a task", () => {
    const { tasks, bad } = parseQueue(task(1, "```sh\nx") + task(2, "y") + task(3, "```") + task(4, "z"));
    expect(tasks.map((section) => section.task.id)).toEqual([anId(4)]);
    expect(bad.map(({ id }) => id)).toEqual([anId(1), anId(2), anId(3)]);
  });

  test("holds for a comment that takes a task out, and for one that was forgotten", () => {
    expect(ids(`${task(1, "<!--")}${task(2, "x")}-->\n${task(3, "y")}`)).toEqual([anId(1), anId(3)]);
    expect(ids(task(1, "<!-- a note") + task(2, "a --> b"))).toEqual([anId(1), anId(2)]);
  });

  test("holds for merge markers", () => {
    expect(ids(task(1, "<<<<<<< HEAD") + task(2, "x"))).toEqual([anId(2)]);
    expect(ids(task(1, "<<<<<<< HEAD") + task(2, "x") + task(3, ">>>>>>> b") + task(4, "y"))).toEqual([
      anId(4),
    ]);
  });
});

describe("a new coordination repository", () => {
  test("has an empty queue", () => {
    const { tasks, unnamed, bad, inbox } = parseQueue(file("worker/QUEUE.md"));
    expect({ tasks, unnamed, bad }).toEqual({ tasks: [], unnamed: [], bad: [] });
    expect(inbox?.items).toEqual([]);
  });

  test("makes a task of a line that is typed at the end of the queue, as its README says", () => {
    const [typed] = blocks(file("README.md")).filter(({ text }) => text.startsWith("- [ ]"));
    const { inbox } = parseQueue(file("worker/QUEUE.md") + typed!.text);
    expect(inbox?.items.map(({ text }) => text)).toEqual(["Find out why the nightly backup takes so long"]);
  });

  test("makes a task of a section above the Inbox, as its README says", () => {
    const [typed] = blocks(file("README.md")).filter(({ text }) => text.startsWith("## "));
    const queue = file("worker/QUEUE.md").replace("## Inbox", `${typed!.text}\n## Inbox`);
    expect(parseQueue(queue)).toMatchObject({
      bad: [],
      unnamed: [{ title: "Compare the three offers for the server", request: { timeout: 7200 } }],
      inbox: { items: [] },
    });
  });

  test("makes a task of a file, as the Inbox's README says", () => {
    const [typed] = blocks(file("worker/INBOX/README.md"));
    expect(readInboxFile("backup.md", typed!.text)).toMatchObject({
      title: "Find out why the nightly backup takes so long",
      request: { priority: "high", timeout: 3600 },
    });
  });

  test("has pages whose words around the markers stay", () => {
    for (const [page, rendered] of [
      ["CURRENT.md", renderCurrent(file("CURRENT.md"), nothingGoingOn)],
      ["worker/HEARTBEAT.md", renderHeartbeat(file("worker/HEARTBEAT.md"), [])],
    ] as const) {
      expect(outside(rendered)).toBe(outside(file(page)));
      expect(rendered.match(/pawl:begin/g)).toHaveLength(1);
    }
  });

  test("has explanations in its folders that nobody takes for a task or a result", () => {
    expect(isInboxFile("README.md")).toBe(false);
    expect(taskOfResult("README.md")).toBeUndefined();
  });

  test("keeps checkouts from changing the bytes of what programs read", () => {
    const attributes = file(".gitattributes").split("\n");
    const untouched = globSync("**/*.md", { cwd: "coordination-template" }).filter(
      (path) => path !== "README.md" && !path.startsWith("worker/"),
    );
    expect(attributes).toEqual(expect.arrayContaining(["/worker/** -text"]));
    expect(attributes).toEqual(expect.arrayContaining(untouched.map((path) => `/${path} -text`)));
    expect(attributes.filter((line) => !line.startsWith("#")).join()).not.toContain("merge=");
  });
});

const report = TaskId.parse("T-20261121-7k3qx");

function file(path: string): string {
  return readFileSync(`coordination-template/${path}`, "utf8");
}

function blocks(markdown: string): { info: string; text: string }[] {
  const fenced = /^```(\S.*)\n([\s\S]*?)^```$/gm;
  return Array.from(markdown.matchAll(fenced), ([, info = "", text = ""]) => ({ info, text }));
}

function examples(info: string): string[] {
  const found = blocks(file("PROTOCOL.md")).filter((block) => block.info === info);
  expect(found).not.toEqual([]);
  return found.map(({ text }) => text);
}

function outside(page: string): string {
  return page.replace(/(<!-- pawl:begin -->)[\s\S]*(<!-- pawl:end -->)/, "$1$2");
}
