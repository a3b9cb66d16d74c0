/** What a worker of OpenClaw's agents needs to begin with. */
export type WorkerFiles = { openclaw: string; pawl: string };

/**
 * OpenClaw's own part names few tools and no skills: a task needs none that talk with people, plan jobs or look into other
 * sessions, and the prompt is 22 kB instead of 37. Its plugins stay on, because the providers of models are among them.
 *
 * @param openclawPath absolute: it is named to a program that runs elsewhere
 */
export function workerFiles({
  openclawPath,
  remote,
  name,
}: {
  openclawPath: string;
  remote: string | undefined;
  name: string;
}): WorkerFiles {
  return {
    openclaw: `${JSON.stringify(lean, undefined, 2)}\n`,
    pawl: pawlConfig(openclawPath, remote, name),
  };
}

const lean = {
  tools: {
    allow: ["read", "write", "edit", "apply_patch", "exec", "process", "ls"],
    toolSearch: false,
  },
  skills: { allowBundled: [] },
};

function pawlConfig(openclawPath: string, remote: string | undefined, name: string): string {
  const where =
    remote === undefined
      ? "# remote: git@example.com:you/coordination.git"
      : `remote: ${JSON.stringify(remote)}`;
  return `# What this worker does. \`pawl config schema\` lists all keys.
${where}
name: ${name}

worker:
  # What tasks may ask for with \`needs\`.
  capabilities: []
  # USD a day; when it is spent, paid tasks wait until midnight.
  # budget: { perDay: 5 }

executors:
  openclaw:
    # Few tools and no skills; nothing of OpenClaw's own set-up on this machine is used beside it.
    config: ${JSON.stringify(openclawPath)}
    model: anthropic/claude-sonnet-4-6
    # Variables with the keys of the models' providers; only OpenClaw's tasks get them.
    keys: [ANTHROPIC_API_KEY]

# The cheap model for cheap work; the first rule that a task meets counts.
# models:
#   - { when: { category: [chat, "briefing.*"] }, model: anthropic/claude-haiku-4-5, thinking: off }
`;
}
