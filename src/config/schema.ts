import * as z from "zod";

import { NodeName } from "../core/ids.ts";
import { priorities, Slug, thinkingLevels } from "../core/request.ts";
import { Executors } from "./executors.ts";
import { ModelsFile } from "./models.ts";
import { SchedulesFile } from "./schedules.ts";
import { DiscordFile, RoutingFile, TelegramFile } from "./routing.ts";
import { FileName, Text, Time, Variable } from "./values.ts";

const Size = z
  .string()
  .regex(/^\d{1,6}(KB|MB|GB)$/, "must be a size such as 20MB")
  .transform((text) => Number.parseInt(text, 10) * { K: 1e3, M: 1e6, G: 1e9 }[text.at(-2) as "K" | "M" | "G"])
  .meta({ examples: ["20MB"] });

const Limits = z.strictObject({
  memory: Size.optional().meta({
    description: "Memory of one task; what needs more is ended",
    examples: ["1300MB"],
  }),
  processes: z.int().min(1).optional().meta({ description: "Processes and threads of one task" }),
  cpu: z
    .string()
    .regex(/^[1-9]\d{0,4}%$/, "must be a share of one core such as 150%")
    .transform((text) => Number.parseInt(text, 10))
    .optional()
    .meta({ description: "Processor time of one task, in percent of a core", examples: ["150%"] }),
});

const sandboxModes = ["auto", "off", "required"] as const;

const Sandbox = z.union(
  [
    z.enum(sandboxModes),
    z.strictObject({
      mode: z.enum(sandboxModes).optional(),
      readOnly: z.array(FileName).optional().meta({ description: "Files and folders that tasks may read" }),
      writable: z.array(FileName).optional().meta({ description: "Files and folders that tasks may change" }),
    }),
  ],
  "must be auto, off or required, or a block of mode, readOnly and writable",
);

const Branch = Text.regex(/^\w[\w./-]*$/, "must be the name of a branch").meta({ examples: ["main"] });

/** What a task gets that says nothing about it. */
const Defaults = z.strictObject({
  executor: Slug.optional().meta({
    description: "Executor of a task that names none",
    examples: ["openclaw"],
  }),
  model: Text.optional(),
  thinking: z.enum(thinkingLevels).optional(),
  priority: z.enum(priorities).optional(),
  category: Slug.optional(),
  needs: z.array(Slug).max(20).optional(),
  timeout: Time.optional().meta({ description: "Wall clock that one attempt may take", examples: ["30m"] }),
  attempts: z.int().min(1).max(20).optional(),
});

const Children = z.strictObject({
  most: z.int().min(0).max(100).optional().meta({
    description: "How many tasks one task may hand out; 0 forbids it",
  }),
  depth: z.int().min(1).max(5).optional().meta({
    description: "How many generations there may be below a task that somebody submitted",
  }),
  executors: z.array(Slug).optional().meta({ description: "Executors beside that of the task itself" }),
  models: z.array(Text).optional().meta({ description: "Models beside that of the task itself" }),
  needs: z
    .array(Slug)
    .optional()
    .meta({ description: "Capabilities beside those that the task needs itself" }),
  categories: z.array(Slug).optional().meta({ description: "Categories beside that of the task itself" }),
});

const Worker = z.strictObject({
  name: NodeName.optional().meta({ description: "Name of the worker, if not that of the node" }),
  slots: z.int().min(1).max(64).optional().meta({ description: "How many tasks run at once" }),
  capabilities: z.array(Slug).optional().meta({ description: "What tasks may ask for with `needs`" }),
  executors: z
    .array(Slug)
    .optional()
    .meta({ description: "Executors to offer; default: all whose program is there" }),
  drainTimeout: Time.optional().meta({ description: "How long running tasks may go on after SIGTERM" }),
  keep: Time.optional().meta({ description: "How long the workspace of a failed attempt is kept" }),
  logLimit: Size.optional().meta({ description: "How much output of one attempt is kept" }),
  passEnv: z
    .array(Variable)
    .optional()
    .meta({ description: "Variables that tasks see besides the usual few" }),
  sandbox: Sandbox.optional().meta({
    description: "Whether tasks are kept from the worker's files and processes; `auto`: where that works",
    examples: ["required", { writable: ["~/.claude"] }],
  }),
  limits: Limits.optional().meta({
    description: "What one task may use; needs a cgroup of the worker's own",
  }),
  children: Children.optional().meta({
    description: "What tasks may hand out to further tasks",
    examples: [{ most: 8, depth: 1, models: ["anthropic/claude-haiku-4-5"] }],
  }),
  budget: z
    .strictObject({
      perDay: z.number().positive("must be more than nothing").meta({
        description: "USD; a day ends at midnight in the time zone of `routing`",
      }),
    })
    .optional()
    .meta({
      description: "What this worker's tasks may cost; when it is spent, paid ones wait",
      examples: [{ perDay: 5 }],
    }),
});

/** `pawl.config.yaml`. A key that is not here is an error, not a default. */
export const ConfigFile = z.strictObject({
  /** Editors find the schema of a JSON file by it. */
  $schema: z.string().optional(),
  remote: Text.optional().meta({
    description: "Address or path of the coordination repository",
    examples: ["git@github.com:you/coordination.git", "/srv/pawl/hub.git"],
  }),
  branch: Branch.optional().meta({ description: "Branch of the ledger" }),
  name: NodeName.optional().meta({ description: "Name of this node; default: made from the host name" }),
  state: FileName.optional().meta({ description: "Folder of caches, spools and logs" }),
  profile: z.enum(["auto", "own-hub", "hosted"]).optional().meta({
    description: "How sparing to be with pushes; `auto` tells it by the remote's address",
  }),
  poll: Time.optional().meta({ description: "Pause between two looks at the remote" }),
  beat: Time.optional().meta({ description: "Pause between two signs of life of a worker" }),
  lease: Time.optional().meta({
    description: "Silence after which a worker's tasks go to others",
  }),
  render: Time.optional().meta({ description: "Least time between two updates of CURRENT.md alone" }),
  keepResults: z.int().min(10).max(2000).optional().meta({ description: "Results kept outside the archive" }),
  defaults: Defaults.optional(),
  worker: Worker.optional(),
  executors: Executors.optional(),
  models: ModelsFile.optional().meta({
    description: "Models by kind of task, for tasks that name none; the first that matches counts",
  }),
  secrets: z
    .strictObject({
      env: z
        .array(Variable)
        .optional()
        .meta({ description: "Variables whose values are blanked wherever we write" }),
      files: z
        .array(FileName)
        .optional()
        .meta({ description: "Files whose lines are blanked wherever we write" }),
    })
    .optional(),
  routing: RoutingFile.optional().meta({ description: "What is told to whom, where and when" }),
  telegram: TelegramFile.optional().meta({ description: "The owner's chat, for decisions" }),
  discord: DiscordFile.optional().meta({ description: "The channels for everything else" }),
  schedules: SchedulesFile.optional().meta({ description: "Tasks that come by themselves" }),
  provision: z
    .strictObject({
      remote: Text.optional().meta({
        description: "Address of the coordination repository as workers reach it, if not `remote`",
        examples: ["you@main-machine:pawl-hub.git"],
      }),
    })
    .optional()
    .meta({ description: "For provision-worker and worker-status" }),
  ssh: z
    .strictObject({
      key: FileName.optional().meta({ description: "File of the private key for the remote" }),
      knownHosts: FileName.optional().meta({ description: "File of pinned host keys" }),
    })
    .optional(),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
