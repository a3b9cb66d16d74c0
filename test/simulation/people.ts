import type { Event } from "../../src/core/event.ts";
import type { TaskId } from "../../src/core/ids.ts";
import type { Request } from "../../src/core/request.ts";
import { approvalDigest } from "../../src/format/approval.ts";
import { parseQueue, type Queue, type TaskSection } from "../../src/format/queue.ts";
import { Commands, type Said } from "./commands.ts";
import type { Luck } from "./luck.ts";
import type { Machine } from "./machine.ts";
import { blocked, isDead, putAside, queued, textOf, withoutSecond } from "./section-texts.ts";
import { beginning } from "./sim-clock.ts";
import type { World } from "./world.ts";

const queuePath = "worker/QUEUE.md";

/** Those who ask for work, change their minds, and merge by hand. */
export class People {
  readonly #world: World;
  readonly #luck: Luck;
  readonly #commands: Commands;
  #asked = 0;

  constructor(world: World) {
    this.#world = world;
    this.#luck = world.luck.stream("people");
    this.#commands = new Commands(world);
  }

  begin(): void {
    this.#commit("begins", "# Queue\n\nWhat is to be done.\n\n## Inbox\n");
  }

  /** Asks for one task, in any of the ways there are. */
  ask(): void {
    const n = ++this.#asked;
    const text = this.#text;
    const at = text.indexOf("## Inbox");
    const before = at < 0 ? text : text.slice(0, at);
    const after = at < 0 ? "" : text.slice(at);
    switch (this.#luck.whole(0, 4)) {
      case 0:
        this.#commit("asks", `${text.trimEnd()}\n- [ ] look into matter ${n}\n  and say what it is\n`);
        break;
      case 1:
        this.#commit(
          "asks",
          `${before}## Do thing ${n}\n${this.#wishes()}\nAll of it, ${n} times.\n\n${after}`,
        );
        break;
      case 2:
        this.#world.commit(
          "person",
          "drops a file",
          new Map([[`worker/INBOX/wish-${n}.md`, `# Wish ${n}\n\nDo ${n}.\n`]]),
        );
        break;
      default:
        this.#submit(n);
    }
  }

  /** One edit of the kinds that people make, good or bad. */
  meddle(): void {
    const queue = parseQueue(this.#text);
    const section = this.#luck.pick(queue.tasks);
    if (!section) return;
    this.#world.counts.edits++;
    const kind = this.#luck.whole(0, 14);
    if (kind <= 1) void this.#commands.cancel(section.task.id);
    else if (kind <= 3) this.#cancel(queue, section);
    else if (kind <= 5)
      this.#edit(
        queue,
        section,
        `${textOf(queue, section).trimEnd()}\n\nAnd be quick.\n\n`,
        "adds a word to",
      );
    else if (kind <= 7) this.#reorder(queue, section);
    else if (kind === 8) this.#restoreOld();
    else if (kind === 9) this.#dropLease(queue, section);
    else if (kind === 10) this.#conflict(queue, section);
    else if (kind === 11) this.#delete(queue, section);
    else if (kind === 13) this.#putAside(queue, section);
    else if (kind === 12) this.#commit("edits with another editor", queue.text.replaceAll(/\r?\n/g, "\r\n"));
    else
      this.#edit(
        queue,
        section,
        textOf(queue, section).replace(/^(## \S+) .*/, "$1 Another title"),
        "renames",
      );
  }

  /** In the end people look after what only they can mend. */
  tidy(): void {
    const text = this.#text;
    const mended = text.replaceAll(/^(?:<{7}|={7}|>{7}).*\r?\n/gm, "");
    if (mended !== text) return this.#commit("settles the conflict", mended);
    const queue = parseQueue(text);
    const [bad] = queue.bad;
    if (bad?.id) return this.#commit("removes a doubled section", withoutSecond(text, bad.id));
    for (const section of queue.tasks) {
      if (isDead(section, queue) && this.#luck.flip(0.3)) return this.#cancel(queue, section);
      this.#lookAgain(section);
    }
  }

  /** Whoever has merged or restored something looks for answers of his that may have got lost by that. */
  #lookAgain({ task }: TaskSection): void {
    const { judge, counts, calm } = this.#world;
    if (calm && task.state.kind === "blocked" && task.state.why === putAside) return this.#takeUp(task.id);
    if (!calm || (counts.rewinds === 0 && !judge.meddled.has(task.id))) return;
    if (task.state.kind === "needs-approval") void this.#commands.approve(task.id, approvalDigest(task));
    if (task.state.kind === "needs-human") void this.#commands.retry(task.id);
  }

  /** Otherwise nobody looks into the queue for what waits: who is not asked does not answer. */
  hear(machine: Machine, event: Event): void {
    if (event.kind === "history-forked") this.#hearOfFork(machine);
    if (machine.role !== "main") return;
    if (event.kind === "approval-wanted") this.#hearOfApproval(event.task, event.digest);
    if (event.kind === "task-needs-human") this.#hearOfNeed(event.task);
  }

  /** Whoever hears of a fork looks into it, and then tells that node to go on. */
  #hearOfFork(machine: Machine): void {
    this.#world.counts.forks++;
    this.#world.timeline.after(this.#luck.between(5000, 120_000), () => {
      this.#world.tell("person", () => `lets ${machine.name} accept the history`);
      machine.disk.accepts = this.#world.hub.head;
    });
  }

  #hearOfApproval(id: TaskId, digest: string): void {
    const { timeline } = this.#world;
    timeline.after(this.#luck.between(3000, 90_000), () => {
      if (this.#luck.flip(0.15)) this.#insist(() => this.#commands.cancel(id));
      else this.#insist(() => this.#commands.approve(id, digest));
    });
  }

  #hearOfNeed(id: TaskId): void {
    this.#world.timeline.after(this.#luck.between(3000, 90_000), () => {
      const { tasks, text } = parseQueue(this.#text);
      const section = tasks.find(({ task }) => task.id === id);
      // Spoilt just now, by a conflict perhaps: there is an answer once it can be read again.
      if (!section && text.includes(`## ${id} `)) return this.#hearOfNeed(id);
      if (section?.task.state.kind !== "needs-human") return;
      if (this.#luck.flip(0.3)) this.#answer(section);
      else
        this.#insist(
          () => this.#commands.retry(id),
          () => this.#commands.cancel(id),
        );
    });
  }

  /** Types it again until there is an answer, and something else when that makes no sense. */
  #insist(command: () => Promise<Said>, otherwise?: () => Promise<Said>): void {
    const said = (answer: Said) => {
      if (answer === "done") return;
      const next = answer === "refused" ? otherwise : command;
      if (next) this.#world.timeline.after(20_000, () => this.#insist(next, otherwise));
    };
    void command().then(said);
  }

  get #text(): string {
    const [newest] = this.#world.hub.ancestry(this.#world.hub.head);
    return newest?.files.get(queuePath) ?? "";
  }

  #commit(what: string, text: string): void {
    this.#world.commit("person", `person ${what}`, new Map([[queuePath, text]]));
  }

  #wishes(): string {
    const wishes = Object.entries(this.#request()).map(([key, value]) => `- ${key}: ${String(value)}`);
    return wishes.length === 0 ? "" : `\n${wishes.join("\n")}\n`;
  }

  #request(): Request {
    const { timeline } = this.#world;
    const request: Request = {};
    if (this.#luck.flip(0.2)) request.priority = "high";
    if (this.#luck.flip(0.3)) request.attempts = 2;
    if (this.#luck.flip(0.2)) request.approval = "required";
    if (this.#luck.flip(0.15)) {
      const due = beginning + timeline.nowMs + this.#luck.between(0, 400_000);
      request.expires = new Date(due).toISOString();
    }
    const other = this.#luck.pick(parseQueue(this.#text).tasks);
    if (other && this.#luck.flip(0.3)) request.after = [other.task.id];
    return request;
  }

  /** `pawl submit`, now and then twice, by somebody in a hurry. */
  #submit(n: number): void {
    const request: Request = { ...this.#request(), executor: "agent", key: `errand-${n}` };
    const asked = { title: `Submitted ${n}`, prompt: `Do ${n} as submitted.`, request };
    const submit = () => this.#commands.submit(asked);
    void submit();
    if (this.#luck.flip(0.2)) this.#world.timeline.after(this.#luck.between(0, 20_000), () => void submit());
  }

  #answer(section: TaskSection): void {
    const queue = parseQueue(this.#text);
    this.#edit(
      queue,
      section,
      textOf(queue, section).replace(/^- state: .*$/m, "- state: queued"),
      "answers",
    );
  }

  #cancel(queue: Queue, section: TaskSection): void {
    const text = textOf(queue, section);
    if (!/^- state: /m.test(text)) return;
    this.#edit(queue, section, text.replace(/^- state: \S+/m, "- state: cancelled"), "cancels");
  }

  #edit(queue: Queue, { place, task }: TaskSection, text: string, what: string): void {
    const { start, end } = place;
    this.#commit(`${what} ${task.id}`, queue.text.slice(0, start) + text + queue.text.slice(end));
  }

  #reorder(queue: Queue, section: TaskSection): void {
    const first = queue.tasks[0];
    if (!first || first === section) return;
    const { start, end } = section.place;
    const at = first.place.start;
    const { text } = queue;
    const moved = text.slice(0, at) + text.slice(start, end) + text.slice(at, start) + text.slice(end);
    this.#commit(`moves ${section.task.id} up`, moved);
  }

  /** A merge takes an old version of a section. */
  #restoreOld(): void {
    const { hub } = this.#world;
    const past = [...hub.ancestry(hub.head)].slice(1, 30);
    const text = this.#luck.pick(past)?.files.get(queuePath) ?? "";
    const then = parseQueue(text);
    const old = this.#luck.pick(then.tasks);
    if (!old) return;
    const queue = parseQueue(this.#text);
    const { id } = old.task;
    if (queue.bad.some((bad) => bad.id === id)) return;
    this.#world.judge.meddled.add(id);
    const now = queue.tasks.find(({ task }) => task.id === id);
    if (now) this.#edit(queue, now, textOf(then, old), "merges an old version of");
    else {
      const at = queue.inbox?.place.start ?? queue.text.length;
      this.#commit(
        `merges ${id} back`,
        `${queue.text.slice(0, at)}${textOf(then, old)}${queue.text.slice(at)}`,
      );
    }
  }

  /** Blocks a task with words of his own, and looks at it again later. */
  #putAside(queue: Queue, section: TaskSection): void {
    const { id, state } = section.task;
    if (state.kind !== "queued" && state.kind !== "blocked") return;
    this.#edit(queue, section, blocked(textOf(queue, section)), "puts aside");
    this.#world.timeline.after(this.#luck.between(20_000, 90_000), () => this.#takeUp(id));
  }

  #takeUp(id: TaskId): void {
    const queue = parseQueue(this.#text);
    for (const section of queue.tasks.filter(({ task }) => task.id === id)) {
      const text = textOf(queue, section);
      if (text.includes(`- why: ${putAside}`)) this.#edit(queue, section, queued(text), "takes up");
    }
  }

  #dropLease(queue: Queue, section: TaskSection): void {
    this.#world.judge.meddled.add(section.task.id);
    this.#edit(
      queue,
      section,
      textOf(queue, section).replace(/^- lease: .*\r?\n/m, ""),
      "loses the lease of",
    );
  }

  #conflict(queue: Queue, section: TaskSection): void {
    const text = textOf(queue, section);
    const body = `<<<<<<< HEAD\n${text.slice(text.indexOf("\n") + 1)}=======\n>>>>>>> theirs\n`;
    this.#edit(queue, section, text.slice(0, text.indexOf("\n") + 1) + body, "leaves a conflict in");
    this.#world.timeline.after(this.#luck.between(5000, 90_000), () => this.tidy());
  }

  #delete(queue: Queue, section: TaskSection): void {
    this.#world.judge.meddled.add(section.task.id);
    this.#world.judge.removed.add(section.task.id);
    this.#edit(queue, section, "", "takes away");
  }
}
