import * as z from "zod";

import type { ModelRule } from "../core/model-choice.ts";
import { Slug, thinkingLevels } from "../core/request.ts";
import { Text } from "./values.ts";

const CategoryPattern = z
  .string()
  .regex(/^(?:[a-z0-9][a-z0-9._-]{0,63}\*?|\*)$/, "must be a category, or its beginning and a *")
  .meta({ examples: ["briefing.*"] });

const oneOrMore = <T extends z.ZodType<string, string>>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).min(1, "must not be empty")]);

const When = z.strictObject({
  category: oneOrMore(CategoryPattern)
    .optional()
    .meta({ description: "One of these categories", examples: ["briefing.*"] }),
  needs: oneOrMore(Slug)
    .optional()
    .meta({ description: "Capabilities that the task asks for, all of them", examples: ["research"] }),
  executor: oneOrMore(Slug).optional().meta({ description: "One of these executors" }),
});

const Rule = z
  .strictObject({
    when: When.optional().meta({ description: "Which tasks; without it all" }),
    model: Text.optional(),
    fallback: z.array(Text).optional(),
    thinking: z.enum(thinkingLevels).optional(),
  })
  .refine(
    ({ model, fallback, thinking }) => (model ?? fallback ?? thinking) !== undefined,
    "says neither model nor fallback nor thinking",
  );

/** For tasks that name no model themselves; the first rule that a task meets counts. */
export const ModelsFile = z.array(Rule);

export function modelsOf(file: z.infer<typeof ModelsFile> = []): ModelRule[] {
  return file.map(({ when = {}, ...choice }) => ({ when, ...choice }));
}
