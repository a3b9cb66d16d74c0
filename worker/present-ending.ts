import type { Ending, Facts } from "../src/core/outcome.ts";
import type { Blanker } from "../src/format/secrets.ts";
import { shorten } from "./shorten.ts";

export const resultLimitBytes = 256 * 1024;

/** An ending as others may see it: without secrets, of bearable length, with all that is known about the run. */
export function presentEnding(
  ending: Ending,
  { facts, blanker, folder }: { facts: Facts; blanker: Blanker; folder: string },
): { ending: Ending; facts: Facts; isShortened: boolean } {
  const presentable = (text: string) =>
    shorten(
      blanker.blank(text),
      resultLimitBytes,
      (bytes) =>
        `[... ${bytes} bytes are left out here; what is left of the whole is on the worker in ${folder} ...]`,
    );
  const why = (text: string) => shorten(blanker.blank(text), 1000, () => "[...]");
  switch (ending.kind) {
    case "succeeded":
    case "failed":
    case "timed-out": {
      const text = presentable(ending.text);
      const all = { ...facts, ...ending.facts };
      const shown = { ...ending, text, facts: all, ...("why" in ending && { why: why(ending.why) }) };
      return { ending: shown, facts: all, isShortened: text !== blanker.blank(ending.text) };
    }
    case "waits": {
      const all = { ...facts, ...ending.facts };
      const { kind, note, answer } = ending;
      const shown = { kind, note: why(note), answer: presentable(answer), facts: all };
      return { ending: shown, facts: all, isShortened: false };
    }
    case "transient":
    case "misconfigured":
      return {
        ending: { kind: ending.kind, why: why(ending.why) },
        facts: { ...facts, ...ending.facts },
        isShortened: false,
      };
    case "stopped": {
      const { kind, because, output = "" } = ending;
      const shown = output === "" ? {} : { output: presentable(output) };
      return { ending: { kind, because, ...shown }, facts, isShortened: false };
    }
    default:
      return ending satisfies never;
  }
}
