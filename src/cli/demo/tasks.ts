/** Three tasks that take a few seconds each and say what they do. */
export const submitted = {
  title: "Look around on the worker",
  prompt: [
    'echo "::progress looking around"',
    "sleep 2",
    'echo "This ran as $PAWL_TASK_ID, attempt $PAWL_ATTEMPT_NUMBER, on $(uname -sm)."',
  ].join("\n"),
};

export const bareLine =
  'for n in 1 2 3; do echo "::progress step $n of 3"; sleep 1; done; echo "Counted to three."';

export const inboxFile = {
  name: "moon.md",
  text: [
    "# Weigh the moon",
    "",
    "- priority: high",
    "- category: research",
    "",
    'echo "::progress fetching the scales"',
    "sleep 1",
    "printf '# The moon\\n\\nIt weighs **7.35e22 kg**, give or take.\\n' > \"$PAWL_RESULT_FILE\"",
    "",
  ].join("\n"),
};
