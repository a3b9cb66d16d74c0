import { rename, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { newToken } from "../core/ids.ts";
import type { Request } from "../core/request.ts";
import { Fault } from "../fault.ts";
import { writeFields } from "../format/front-matter.ts";
import { requestFields } from "../format/request-fields.ts";
import type { DropAnswer } from "../ports/task-inbox.ts";
import { answerFile, waitFile } from "../../worker/children/file-inbox.ts";
import type { World } from "../wire/world.ts";

/** A worker shares its pushes, so an answer may take a while where they are scarce. */
const patienceMs = 120_000;

export type Wish = { title: string; prompt: string; request: Request };

/** The folder into which the task that this command runs in drops what it hands out; undefined outside of tasks. */
export function taskInbox({ around }: World): string | undefined {
  return around.env["PAWL_TASK_INBOX"] || undefined;
}

/** Asks this task's worker to queue a task. The file that will hold the answer, where none came in time. */
export async function handOver(
  world: World,
  inbox: string,
  { title, prompt, request }: Wish,
): Promise<(DropAnswer & { kind: "queued" }) | { kind: "pending"; file: string }> {
  const name = `${newToken(world.chance)}.md`;
  await put(inbox, name, `---\n${writeFields({ title, ...requestFields(request) })}---\n\n${prompt}\n`);
  const file = join(inbox, answerFile(name));
  const until = world.clock.monotonicMs() + patienceMs;
  do {
    const answer = await readAnswer(file);
    if (answer?.kind === "queued") return answer;
    if (answer) throw refused(answer.why);
    await world.clock.sleep(200);
  } while (world.clock.monotonicMs() < until);
  return { kind: "pending", file };
}

/** Lets the task go on, once it has ended, when all that it handed out has ended too. */
export function waitForChildren(inbox: string, note: string): Promise<void> {
  return put(inbox, waitFile, `${note}\n`);
}

/** Under its name it is complete from the beginning. */
async function put(inbox: string, name: string, text: string): Promise<void> {
  try {
    const draft = join(inbox, `.${name}.draft`);
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, join(inbox, name));
  } catch (error) {
    throw new Fault("FILE_NOT_FOUND", `Nothing can be put into ${inbox}: ${(error as Error).message}`, {
      hint: "PAWL_TASK_INBOX is set by the worker for the task it runs; outside of tasks unset it.",
      cause: error,
    });
  }
}

/** The worker moves it into place complete. */
async function readAnswer(file: string): Promise<DropAnswer | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as DropAnswer;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function refused(why: string): Fault {
  return new Fault("MOVE_REFUSED", `This task's worker does not queue it: ${why}`, {
    hint: "A task may hand out what it may do itself; `worker.children` in the worker's configuration allows more.",
  });
}
