import type { TemplateSettings } from "../settings.ts";
import { whatChildrenBrought } from "../children/told.ts";
import { askedFor, type Executor, refuseOption } from "./executor.ts";
import { programEnding } from "./program-ending.ts";

/** Any agent that can be started by a command line, such as `claude -p` or `codex exec`. */
export function templateExecutor(settings: TemplateSettings): Executor {
  const [program] = settings.argv.flat();
  return {
    program,
    keys: settings.keys ?? [],
    plan(task, { paths, timeoutSeconds, choice, children = [] }) {
      const { model, thinking } = choice;
      const prompt = [task.prompt, whatChildrenBrought(task, children)].filter(Boolean).join("\n\n---\n\n");
      const values: Values = {
        promptFile: paths.promptFile,
        workspace: paths.workspace,
        resultFile: paths.resultFile,
        model,
        thinking,
        taskId: task.id,
        attempt: String(task.attempt),
      };
      const argv = filledIn(settings.argv, values);
      if (argv.kind === "refused")
        return { kind: "refused", ending: { kind: "misconfigured", why: argv.why } };
      return (
        refuseOption("model", model) ?? {
          kind: "launch",
          argv: argv.words,
          env: settings.env ?? {},
          prompt,
          ...(settings.stdin === "prompt" && { input: prompt }),
          deadlineSeconds: timeoutSeconds,
          facts: askedFor({
            model: names(settings.argv, "model") ? model : undefined,
            thinking: names(settings.argv, "thinking") ? thinking : undefined,
          }),
        }
      );
    },
    interpret: (seen) => programEnding(seen, settings.result ?? "either"),
  };
}

type Values = Readonly<Record<string, string | undefined>>;
type Filled = { kind: "words"; words: [string, ...string[]] } | { kind: "refused"; why: string };

function filledIn(argv: TemplateSettings["argv"], values: Values): Filled {
  const wanted = argv.flatMap((part) => {
    if (typeof part === "string") return [part];
    return part.every((word) => missingIn(word, values) === undefined) ? part : [];
  });
  const [program, ...args] = wanted.map((word) => fill(word, values));
  if (program === undefined) return { kind: "refused", why: "its argv is empty" };
  const missing = wanted.map((word) => missingIn(word, values)).find((name) => name !== undefined);
  if (missing !== undefined) return { kind: "refused", why: `nothing says what {${missing}} is in its argv` };
  return { kind: "words", words: [program, ...args] };
}

const placeholder = /\{([a-zA-Z]+)\}/g;

function names(argv: TemplateSettings["argv"], value: string): boolean {
  return argv.flat().some((word) => word.includes(`{${value}}`));
}

function fill(word: string, values: Values): string {
  return word.replace(placeholder, (_, name: string) => values[name] ?? "");
}

function missingIn(word: string, values: Values): string | undefined {
  return [...word.matchAll(placeholder)]
    .map(([, name]) => name)
    .find((name) => values[name ?? ""] === undefined);
}
