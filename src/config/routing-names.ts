import { categories } from "../core/envelope.ts";
import { didYouMean } from "../format/nearest.ts";
import { builtInDestinations, channelNames, defaultDigests } from "../routing/rules/defaults.ts";
import { isTimezone } from "../routing/rules/local-time.ts";
import { globMatches } from "../routing/rules/match.ts";
import type { Problem } from "./explain.ts";

type Key = PropertyKey;
type Said = { path: Key[]; text: string };

const standard = ["owner", ...Object.keys(channelNames), ...Object.keys(builtInDestinations)];

/**
 * What is wrong with the names in a file's routing: the schema knows how a name is written, this knows which there are.
 * Looks at the file as it stands, so that all its problems are told at once; what the schema refuses is passed over.
 */
export function routingProblems(input: unknown): Problem[] {
  const routing = block(block(input)["routing"]);
  const destinations = [...new Set([...standard, ...Object.keys(block(routing["destinations"]))])];
  return [
    ...wrongTimezone(routing),
    ...wrongDestinations(block(input), routing, destinations),
    ...circles(routing),
    ...rulesOf(routing).flatMap(([rule, n]) => wrongRule(rule, n, { routing, destinations })),
    ...wrongCategories(routing),
    ...wrongNames(routing),
    ...noLastRule(routing),
  ];
}

function wrongTimezone({ timezone }: Record<string, unknown>): Problem[] {
  if (typeof timezone !== "string" || isTimezone(timezone)) return [];
  const text = `routing.timezone is "${timezone}", not a time zone this machine knows, such as Europe/Berlin`;
  return [{ path: ["routing", "timezone"], onKey: false, text }];
}

function wrongDestinations(
  file: Record<string, unknown>,
  routing: Record<string, unknown>,
  destinations: string[],
): Problem[] {
  const people = Object.keys(block(routing["people"]));
  return Object.entries(block(routing["destinations"])).flatMap(([name, written]) => {
    const path = ["routing", "destinations", name];
    const { kind, fallback, person } = block(written);
    const problems = unknownAmong("destination", textAt([...path, "fallback"], fallback), destinations);
    problems.push(...unknownAmong("person", textAt([...path, "person"], person), people));
    if ((kind === "telegram" || kind === "discord") && file[kind] === undefined) {
      const text = `${path.join(".")} is of kind ${kind}, but there is no block ${kind} that says how to get there`;
      problems.push({ path, onKey: true, text });
    }
    return problems;
  });
}

/** Of a circle only its first destination is told. The usual fallbacks give in, so only written ones make one. */
function circles(routing: Record<string, unknown>): Problem[] {
  const written = block(routing["destinations"]);
  return Object.keys(written).flatMap((start) => {
    const way = [start];
    for (let at = fallbackOf(written, start); at !== undefined; at = fallbackOf(written, at)) {
      if (at === start && way.every((name) => start <= name)) {
        const text = `the fallbacks go in a circle: ${[...way, start].join(", ")}`;
        return [{ path: ["routing", "destinations", start, "fallback"], onKey: false, text }];
      }
      if (way.includes(at)) return [];
      way.push(at);
    }
    return [];
  });
}

function fallbackOf(written: Record<string, unknown>, name: string): string | undefined {
  const fallback = Object.hasOwn(written, name) ? block(written[name])["fallback"] : undefined;
  return typeof fallback === "string" ? fallback : undefined;
}

function wrongRule(
  rule: Record<string, unknown>,
  n: number,
  { routing, destinations }: { routing: Record<string, unknown>; destinations: string[] },
): Problem[] {
  const path = ["routing", "rules", n];
  if (rule["include"] !== undefined) {
    const beside = Object.keys(rule).filter((key) => key !== "include");
    const text = `${path.join(".")} includes the defaults; nothing else may stand beside it`;
    return beside.length === 0 ? [] : [{ path: [...path, beside[0] ?? ""], onKey: true, text }];
  }
  if (rule["to"] === undefined) {
    return [
      {
        path,
        onKey: true,
        text: `${path.join(".")}.to is missing; expected a destination, such as "alerts"`,
      },
    ];
  }
  const digests = [...Object.keys(defaultDigests), ...Object.keys(block(routing["digests"]))];
  return [
    ...unknownAmong("destination", textsAt([...path, "to"], rule["to"]), destinations),
    ...unknownAmong("digest", textAt([...path, "digest"], rule["digest"]), digests),
  ];
}

function wrongCategories(routing: Record<string, unknown>): Problem[] {
  const matches = [
    ...rulesOf(routing).map(([rule, n]) => ({ path: ["routing", "rules", n, "when"], match: rule["when"] })),
    ...list(routing["inhibit"]).flatMap((one, n) =>
      ["while", "hides"].map((key) => ({ path: ["routing", "inhibit", n, key], match: block(one)[key] })),
    ),
  ];
  return matches
    .flatMap(({ path, match }) => textsAt([...path, "category"], block(match)["category"]))
    .filter(({ text }) => !isCategory(text))
    .map(({ path, text }) => {
      const meant = didYouMean(text, categories) || `; known are ${categories.join(", ")} and x.<any name>`;
      return { path, onKey: false, text: `${path.join(".")} is "${text}", no category of ours${meant}` };
    });
}

/** One of ours, a pattern for some of them, or an own one. */
function isCategory(text: string): boolean {
  return text.startsWith("x.") || categories.some((category) => globMatches(text, category));
}

function wrongNames(routing: Record<string, unknown>): Problem[] {
  const seen = new Set<unknown>();
  return rulesOf(routing).flatMap(([{ name }, n]) => {
    if (typeof name !== "string" || !seen.has(name)) {
      seen.add(name);
      return [];
    }
    const path = ["routing", "rules", n, "name"];
    return [
      { path, onKey: false, text: `${path.join(".")} is "${name}", as another rule is called already` },
    ];
  });
}

function noLastRule(routing: Record<string, unknown>): Problem[] {
  const last = rulesOf(routing).at(-1);
  if (last === undefined) return [];
  const [rule, n] = last;
  if (rule["include"] === "defaults" || Object.keys(block(rule["when"])).length === 0) return [];
  const text = `routing.rules.${n}: the last rule must match everything (no \`when\`), so that no event is without a home; \`- include: defaults\` does as well`;
  return [{ path: ["routing", "rules", n, "when"], onKey: true, text }];
}

function unknownAmong(what: string, said: readonly Said[], known: readonly string[]): Problem[] {
  return said
    .filter(({ text }) => !known.includes(text))
    .map(({ path, text }) => {
      const meant = didYouMean(text, known) || `; known are ${known.join(", ") || "none"}`;
      return {
        path,
        onKey: false,
        text: `${path.map(String).join(".")} is "${text}", no ${what} of this name${meant}`,
      };
    });
}

function rulesOf(routing: Record<string, unknown>): [Record<string, unknown>, number][] {
  return list(routing["rules"]).map((rule, n) => [block(rule), n]);
}

function textsAt(path: Key[], value: unknown): Said[] {
  if (!Array.isArray(value)) return textAt(path, value);
  return value.flatMap((one, n) => textAt([...path, n], one));
}

function textAt(path: Key[], value: unknown): Said[] {
  return typeof value === "string" ? [{ path, text: value }] : [];
}

function block(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
