const needed = 24;

/** Ends the process with one plain line when Node is too old. Runs on old Nodes, so it uses nothing new. */
export function requireNode(command: string): void {
  const version = process.versions.node;
  if (Number.parseInt(version, 10) >= needed) return;
  console.error(
    `${command} needs Node ${needed} or newer; this is Node ${version} (${process.execPath}). ` +
      `Install Node ${needed} (https://nodejs.org/en/download), put it first on the PATH and run ${command} again.`,
  );
  process.exit(1);
}
