/** What the far side prints when the script begins; whatever came before is a login's own noise. */
export const begins = "pawl-begins";

/** The status of a far side that could not take what was sent. */
export const notTaken = 97;

/**
 * The command that every script comes with, always the same: script and input follow on standard input, so that neither
 * stands in a list of processes. Its first line tells the lengths of both in bytes. A script that came in part, because
 * the connection ended, is not begun, nor is one whose input did: it gets the whole of it, from a file without a name.
 *
 * It has neither quotes of the one kind nor exclamation marks, and is one line: any login shell hands it on as it is.
 */
const receive = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8",
  "export PATH LC_ALL",
  "umask 022",
  "cd /",
  'IFS=" " read -r pawl_script pawl_input',
  'pawl_script=$(head -c "$pawl_script")',
  `case $pawl_script in *"#pawl-ends") ;; *) exit ${notTaken} ;; esac`,
  'if [ "$pawl_input" -gt 0 ]; then ' +
    `pawl_file=$(mktemp /run/pawl-input.XXXXXX) || exit ${notTaken}; ` +
    'head -c "$pawl_input" > "$pawl_file"; ' +
    'pawl_came=$(wc -c < "$pawl_file"); exec < "$pawl_file"; rm -f "$pawl_file"; ' +
    `[ "$pawl_came" -eq "$pawl_input" ] || exit ${notTaken}; fi`,
  `echo ${begins}`,
  'eval "$pawl_script"',
].join("; ");

export function commandFor(user: string): string {
  return `${user === "root" ? "" : "sudo -n -H "}sh -c '${receive}'`;
}

/** What goes over standard input: the lengths, the script, and its input. */
export function envelope(script: string, input: string | Buffer = ""): Buffer[] {
  const text = Buffer.from(`${script}\n#pawl-ends`);
  const rest = Buffer.from(input);
  return [Buffer.from(`${text.length} ${rest.length}\n`), text, rest].filter(({ length }) => length > 0);
}
