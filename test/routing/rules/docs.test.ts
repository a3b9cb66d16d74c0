import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { categories } from "../../../src/core/envelope.ts";
import { reportCategories } from "../../../src/routing/envelop-task.ts";
import { Fixtures, tested } from "../../../src/routing/rules/fixtures.ts";
import { lint } from "../../../src/routing/rules/lint.ts";
import { ruleText } from "../../../src/routing/rules/words.ts";
import { networks, routingOf } from "../../support/routing.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/routing.md"), "utf8");
const rules = (/^## Rules\n(.*?)(?=^## |(?![^]))/ms.exec(page)?.[1] ?? "").trim();
const examples = [...rules.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = ""]) => text);
const configurations = examples.filter((text) => !text.startsWith("# fixtures"));
const fixtures = examples.filter((text) => text.startsWith("# fixtures"));

describe("the page about rules", () => {
  test("has examples of both kinds", () => {
    expect([configurations.length, fixtures.length]).toEqual([3, 1]);
  });

  test.each(configurations)("shows a configuration that is in good order: %s", (text) => {
    const needsDiscord = text.includes("kind: discord,") && !text.includes("discord:\n");
    const routing = routingOf(needsDiscord ? `${networks}${text}` : text);
    expect(lint(routing).filter(({ text: found }) => !found.startsWith("no rule"))).toEqual([]);
  });

  test("shows fixtures that the default rules pass", () => {
    const outcomes = tested(Fixtures.parse(parse(fixtures[0] ?? "")), routingOf());
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    expect(outcomes).toHaveLength(5);
  });

  test("prints the default rules as they are", () => {
    const printed = /^```text\n(critical:.*?)^```/ms.exec(rules)?.[1];
    expect(printed?.trim().split("\n")).toEqual(routingOf().rules.map(ruleText));
  });

  test("names every category, and every word for one", () => {
    for (const category of categories) expect(rules).toContain(`\`${category}\``);
    for (const [word, category] of Object.entries(reportCategories)) {
      expect(rules).toMatch(new RegExp(`^\\|.*\`${word}\`.*\\| \`${category}\` \\|$`, "m"));
    }
  });
});
