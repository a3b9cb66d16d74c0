import { Fault, giveBack, type FaultCode } from "../../fault.ts";
import type { GitExit } from "./run-git.ts";

/** What a failed command was about. */
export type Doing = { verb: "look" | "fetch" | "push" | "local"; remote: string; cache: string };

/**
 * What git's ending means. Git has one exit code for all of it, so its words decide; they are English because LC_ALL is
 * C. The first row that matches tells, hence the general ones come last.
 */
export function gitFault(doing: Doing, exit: GitExit): Fault {
  if (exit.late) return tooLate(doing);
  if (exit.signal !== null) return killed(doing, exit.signal);
  for (const row of rows) {
    if (row.only && row.only !== doing.verb) continue;
    const line = exit.stderr.split("\n").find((text) => isAbout(row, text, doing));
    if (line === undefined) continue;
    return new Fault(row.code, `${headline(doing)}: ${told(line)}`, {
      hint: row.hint({ ...doing, remote: redact(doing.remote) }, line),
      cause: redact(exit.stderr),
    });
  }
  return new Fault(
    "GIT_FAILED",
    `${headline(doing)}: ${told(lastLine(exit.stderr)) || `exit code ${exit.code}`}`,
    {
      hint: "Run `pawl doctor` to check git and the way to the repository.",
      cause: redact(exit.stderr),
    },
  );
}

function isAbout({ words, local, inCache }: Row, line: string, { cache }: Doing): boolean {
  if (local && fromRemote(line)) return false;
  if (inCache && !line.includes(`${cache}/`)) return false;
  return words.test(line);
}

type Row = {
  code: FaultCode;
  words: RegExp;
  hint: (doing: Doing, line: string) => string;
  only?: Doing["verb"];
  /** Does not count in what the remote says of itself. */
  local?: true;
  /** Counts only where a file of the cache is named. */
  inCache?: true;
};

const rows: Row[] = [
  {
    code: "GIT_KILLED",
    words: /died of signal (9|15)\b/,
    local: true,
    hint: whoKills,
  },
  {
    code: "DISK_FULL",
    words: /No space left on device|Disk quota exceeded/i,
    hint: ({ cache, remote }, line) =>
      fromRemote(line) || line.includes(pathIn(remote))
        ? `Make room on the machine that holds ${remote}.`
        : `Make room on the disk that holds ${cache}.`,
  },
  {
    code: "DISK_READ_ONLY",
    words: /Read-only file system/i,
    hint: ({ cache, remote }, line) =>
      fromRemote(line) || line.includes(pathIn(remote))
        ? `Look at the disk of the machine that holds ${remote}.`
        : `Look at the disk that holds ${cache}: \`dmesg\` and \`mount\` tell why nothing can be written to it.`,
  },
  {
    code: "HOST_KEY_CHANGED",
    words: /HOST IDENTIFICATION HAS CHANGED|DNS SPOOFING/,
    hint: () =>
      "Somebody may be in between. If the host did get a new key, check its fingerprint by another way and correct known_hosts.",
  },
  {
    code: "HOST_KEY_UNKNOWN",
    words: /Host key verification failed|host key is known/,
    hint: () =>
      "Check the host's fingerprint by another way, then add its key to known_hosts (`ssh-keyscan`).",
  },
  {
    code: "FILE_DENIED",
    inCache: true,
    words: /Permission denied|insufficient permission/i,
    hint: ({ cache }) => giveBack(cache),
  },
  {
    code: "PUSH_DENIED",
    only: "push",
    words:
      /marked as read.only|denied to|not allowed to push|insufficient permission|returned error: 403|: Permission denied$/i,
    hint: ({ remote }) =>
      `Give this machine's key or token write access to ${remote}; a deploy key needs "allow write access".`,
  },
  {
    code: "AUTH_REFUSED",
    words:
      /Permission denied \(|Authentication failed|could not read (Username|Password)|returned error: 40[13]|Too many authentication failures|Access denied|denied to|terminal prompts disabled/i,
    hint: ({ remote }) => `Check that the key or token of this machine is still valid for ${remote}.`,
  },
  {
    code: "AUTH_REFUSED",
    words: /dubious ownership/,
    hint: ({ remote }) =>
      `${remote} belongs to another user of this machine: reach it over ssh as that user, or name it in git's safe.directory.`,
  },
  {
    code: "REMOTE_NOT_FOUND",
    words:
      /repository ('.*' )?not found|(?<!'origin' )does not appear to be a git repository|returned error: 404|could not be found or you don't have permission/i,
    hint: ({ remote }) =>
      `Check the address ${remote}. Hosts also say this when the repository exists and this machine may not see it.`,
  },
  {
    code: "BRANCH_MISSING",
    words: /couldn't find remote ref|Remote branch .* not found/,
    hint: ({ remote }) =>
      `Run \`pawl init\` to begin the ledger in ${remote}, or correct the branch in the configuration.`,
  },
  {
    code: "REMOTE_REWOUND",
    only: "fetch",
    words: /\[rejected\].*non-fast-forward/,
    hint: () => whenRewound,
  },
  {
    code: "REMOTE_UNAVAILABLE",
    words:
      /Could not resolve|Name or service not known|name resolution|Connection (refused|reset|closed|timed out)|unreachable|No route to host|timed out|returned error: (429|5\d\d)|unable to access/i,
    hint: waitForIt,
  },
  {
    code: "CACHE_BROKEN",
    local: true,
    words:
      /'origin' does not appear|corrupt|bad (object|ref|tree|config|index|signature|(shallow )?line)|loose object|broken(?! pipe)|not a git repository|cannot read existing object|unable to (read|parse|unpack|find [0-9a-f]{40})|(missing|invalid) (blob|tree|commit|object)|not a (valid|commit)|did not send all necessary|inflate|not our ref|does not match index|from promisor remote|No such file or directory|Unable to create '.*\.lock'|fast-import|pack-objects died|invalid sha1 pointer|is a directory|Not a directory|(unterminated|unexpected) line in |(hash|sha1) mismatch/i,
    hint: ({ cache }) => onlyCache(cache),
  },
  {
    // Whatever else it says about one of them.
    code: "CACHE_BROKEN",
    inCache: true,
    words: /^(error|fatal): /,
    hint: ({ cache }) => onlyCache(cache),
  },
  {
    code: "REMOTE_UNAVAILABLE",
    words:
      /SSL|TLS|certificate|hung up|early EOF|RPC failed|unexpected disconnect|Could not read from remote|expected flush|remote error|internal server error/i,
    hint: waitForIt,
  },
];

function whoKills(): string {
  return "Somebody ended it, or the machine ran out of memory (`journalctl -k` tells).";
}

export function onlyCache(cache: string): string {
  return `${cache} is only a cache: it may be deleted whenever nobody uses it, and is made anew.`;
}

const whenRewound =
  "Somebody replaced the ledger's history. Find out who and why; `pawl accept-history` takes it as it is now.";

export function rewound({ head, seen }: { head: string; seen: string }): Fault {
  return new Fault("REMOTE_REWOUND", `${head} does not descend from ${seen}, the last commit seen`, {
    hint: whenRewound,
  });
}

function waitForIt({ remote }: Doing): string {
  return `Check the network and whether ${remote} answers; nothing is lost meanwhile.`;
}

function tooLate(doing: Doing): Fault {
  return new Fault("REMOTE_TIMEOUT", `${headline(doing)}: no answer in time`, {
    hint: `Check the network and whether ${redact(doing.remote)} is overloaded; nothing is lost meanwhile.`,
  });
}

function killed(doing: Doing, signal: string): Fault {
  if (/SIGBUS|SIGSEGV|SIGABRT/.test(signal)) {
    return new Fault("CACHE_BROKEN", `${headline(doing)}: git crashed (${signal})`, {
      hint: onlyCache(doing.cache),
    });
  }
  return new Fault("GIT_KILLED", `${headline(doing)}: git was ended by ${signal}`, { hint: whoKills() });
}

function headline({ verb, remote, cache }: Doing): string {
  switch (verb) {
    case "look":
      return `Could not ask ${redact(remote)} where it stands`;
    case "fetch":
      return `Could not fetch from ${redact(remote)}`;
    case "push":
      return `Could not push to ${redact(remote)}`;
    case "local":
      return `Git could not work in ${cache}`;
    default:
      return verb satisfies never;
  }
}

/** The folder of a remote on this machine. */
function pathIn(remote: string): string {
  return decodeURIComponent(remote.replace(/^file:\/\//, ""));
}

function fromRemote(line: string): boolean {
  return /^remote: |^error: remote |\[remote rejected\]/.test(line);
}

function told(line: string): string {
  return redact(line.replace(/^((fatal|error|remote|ERROR): *)+/, "").trim());
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

/** A remote's address may carry a token. */
export function redact(text: string): string {
  return text.replace(/(\w:\/\/)[^/@\s'"]+@/g, "$1***@");
}
