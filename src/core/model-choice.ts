import type { Request } from "./request.ts";

type Thinking = NonNullable<Request["thinking"]>;

/** Which model an attempt is to use. What is left out is the program's own affair. */
export type ModelChoice = {
  model?: string | undefined;
  /** To be asked in this order when the model cannot answer. */
  fallback?: readonly string[] | undefined;
  thinking?: Thinking | undefined;
};

/** A line of the table of models: what it says holds for tasks that meet all of `when`. */
export type ModelRule = ModelChoice & {
  when: {
    /** One of these; `*` at the end stands for any rest. */
    category?: readonly string[] | undefined;
    /** All of these are among the task's needs. */
    needs?: readonly string[] | undefined;
    executor?: readonly string[] | undefined;
  };
};

/**
 * A task's own word wins, then the first rule that it meets, then what the executor is set to; each of the three things
 * by itself, so that a task may think harder with the model that its category has.
 */
export function chooseModel(
  { model, thinking, category, needs = [] }: Request,
  executor: ModelChoice & { name: string },
  rules: readonly ModelRule[],
): ModelChoice {
  const rule = rules.find(
    ({ when }) =>
      (when.category === undefined || when.category.some((pattern) => covers(pattern, category))) &&
      (when.needs ?? []).every((need) => needs.includes(need)) &&
      (when.executor === undefined || when.executor.includes(executor.name)),
  );
  return {
    model: model ?? rule?.model ?? executor.model,
    fallback: rule?.fallback ?? executor.fallback,
    thinking: thinking ?? rule?.thinking ?? executor.thinking,
  };
}

function covers(pattern: string, category: string | undefined): boolean {
  if (category === undefined) return false;
  return pattern.endsWith("*") ? category.startsWith(pattern.slice(0, -1)) : category === pattern;
}
