import { describe, expect, test } from "vitest";

import { shellWords } from "../../../worker/executors/shell-words.ts";

describe("a command line without a shell", () => {
  test.each([
    ["ls -la  /tmp", ["ls", "-la", "/tmp"]],
    ["  grep 'two words' file ", ["grep", "two words", "file"]],
    ['say "it\'s fine"', ["say", "it's fine"]],
    ["a'b c'\"d e\"f", ["ab cd ef"]],
    ["printf '' \"\"", ["printf", "", ""]],
    ["git log --format=%h@x a#b a~b", ["git", "log", "--format=%h@x", "a#b", "a~b"]],
    ["echo '$HOME; `id` | cat *'", ["echo", "$HOME; `id` | cat *"]],
    ["écho über", ["écho", "über"]],
  ])("%s", (line, words) => {
    expect(shellWords(line)).toEqual({ kind: "words", words });
  });

  test.each([
    "ls | wc",
    "ls; rm x",
    "ls && rm x",
    "ls > out",
    "echo $HOME",
    'echo "$HOME"',
    "echo `id`",
    "ls *.txt",
    "ls file[12]",
    "cat ~/x",
    "echo a # comment",
    "echo a\\ b",
    "echo 'open",
    'echo "open',
    "cp {a,b}",
    "(ls)",
    "A=b env",
    "",
  ])("refuses %s", (line) => {
    expect(shellWords(line)).toMatchObject({ kind: "refused" });
  });
});
