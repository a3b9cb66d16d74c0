import { Fault } from "../../fault.ts";
import type { HostKey } from "../../format/known-hosts.ts";
import { shownAddress, type Address } from "./address.ts";

/**
 * What ssh2 said when no connection came about, as a Fault. Its own error is not kept: it may hold what it was
 * configured with.
 */
export function connectFault(at: Address, error: unknown, offered: readonly string[]): Fault {
  const { level, code, said } = partsOf(error);
  const to = shownAddress(at);
  if (level === "client-authentication" || /authentication failures/i.test(said)) {
    return authFault(at, offered);
  }
  if (code === "ECONNREFUSED") {
    return new Fault("SSH_REFUSED", `${to} refuses connections: nothing listens on port ${at.port}`, {
      hint: "A machine that just started needs a minute; otherwise look in its console whether ssh runs there.",
    });
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new Fault("SSH_REFUSED", `No address is known for the name ${at.address}`, {
      hint: "Is it spelt right, and does this machine's name service work? An IP address does too.",
    });
  }
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH" || code === "EADDRNOTAVAIL") {
    return new Fault("SSH_REFUSED", `There is no way from here to ${to} (${code})`, {
      hint: "Does this machine have a network, and the other one this address?",
    });
  }
  if (level === "client-timeout" || code === "ETIMEDOUT") {
    return new Fault("SSH_TIMEOUT", `${to} does not answer`, {
      hint: "Is it on, and does a firewall, here or there, let this machine reach its ssh port?",
    });
  }
  return new Fault("SSH_REFUSED", `${to} ended the connection before it began (${words(said)})`, {
    hint: "Its sshd may be starting, have too many connections, or ban this address for a while; try again.",
  });
}

function authFault(at: Address, offered: readonly string[]): Fault {
  const keys = offered.length === 0 ? "no key at all" : `the key of ${offered.join(", of ")}`;
  return new Fault("SSH_AUTH", `${shownAddress(at)} does not let in ${keys}`, {
    hint:
      `Add its public half to ~${at.user}/.ssh/authorized_keys there, or name another user. A key with a passphrase is ` +
      "only used when an ssh agent has it: `ssh-add`.",
  });
}

export function changedFault(at: Address, seen: HostKey, expected: readonly HostKey[]): Fault {
  const wanted = expected.map(({ fingerprint }) => fingerprint).join(" or ");
  return new Fault(
    "HOST_KEY_CHANGED",
    `${shownAddress(at)} shows the host key ${named(seen)}, expected was ${wanted}`,
    {
      hint:
        "Somebody may stand in between. Compare with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` in the machine's " +
        "own console; only if that is the key it shows, go on with --accept-new-host-key.",
    },
  );
}

/** The machine has no key of the kind that is expected, so it never came to show one. */
export function otherKindFault(at: Address, expected: readonly HostKey[]): Fault {
  const wanted = expected.map(named).join(" or ");
  return new Fault(
    "HOST_KEY_CHANGED",
    `${shownAddress(at)} has no host key of that kind; expected was ${wanted}`,
    {
      hint:
        "It is another machine, or was rebuilt. Look at its keys with `ssh-keygen -lf` in its own console, " +
        "and go on with --accept-new-host-key only if that is so.",
    },
  );
}

export function unknownFault(at: Address, seen: HostKey): Fault {
  return new Fault(
    "HOST_KEY_UNKNOWN",
    `${shownAddress(at)} shows the host key ${named(seen)}, which nobody has vouched for`,
    {
      hint:
        "Compare it with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` in the machine's own console, " +
        `and if it is the same run again with --host-key ${seen.fingerprint}.`,
    },
  );
}

export function lostFault(at: Address, why: string): Fault {
  return new Fault("SSH_LOST", `The connection to ${shownAddress(at)} ended in the middle (${words(why)})`, {
    hint: "Run it again: what is done is not done twice, and a long step goes on meanwhile.",
  });
}

export function lateFault(at: Address, seconds: number): Fault {
  return new Fault(
    "SSH_TIMEOUT",
    `${shownAddress(at)} did not finish within ${seconds} s what it was told to do`,
    {
      hint: "Whether that went on there is not known. Look whether the machine is short of memory, and run it again.",
    },
  );
}

export function endlessFault(at: Address, bytes: number): Fault {
  return new Fault(
    "STEP_FAILED",
    `${shownAddress(at)} printed more than ${bytes / 1e6} MB and did not stop`,
    {
      hint: "No script of ours does that. Look at the machine with care: somebody else may rule it.",
    },
  );
}

export function sessionsFault(at: Address, said: string): Fault {
  return new Fault("SSH_REFUSED", `${shownAddress(at)} opens no further session (${words(said)})`, {
    hint: "MaxSessions in its sshd_config has to be 4 at least.",
  });
}

/** Somebody was let in who may not run a shell as root. */
export function notRootFault(at: Address, said: string): Fault {
  const { user } = at;
  return new Fault(
    "SSH_AUTH",
    `${shownAddress(at)} lets us in, but not be root: ${words(said) || "it said nothing"}`,
    {
      hint:
        user === "root"
          ? "This account's shell or its authorized_keys forbids commands; name the user who may, as USER@ADDRESS."
          : `Let ${user} become root without a password: \`${user} ALL=(ALL) NOPASSWD: ALL\` in a file of /etc/sudoers.d.`,
    },
  );
}

export function notTakenFault(at: Address, said: string): Fault {
  return new Fault("STEP_FAILED", `${shownAddress(at)} could not take what was sent: ${words(said)}`, {
    hint: "It is put in /run on the way: look whether that has room, with `df -h /run`.",
  });
}

export function partsOf(error: unknown): { level?: string; code?: string; said: string } {
  if (!(error instanceof Error)) return { said: "no reason given" };
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const level = text("level" in error ? error.level : undefined);
  const code = text("code" in error ? error.code : undefined);
  return { ...(level !== undefined && { level }), ...(code !== undefined && { code }), said: error.message };
}

function named({ fingerprint, type }: HostKey): string {
  return type === undefined ? fingerprint : `${fingerprint} (${type})`;
}

/** Words of a machine that we do not know, on one line of ours. */
export function words(text: string): string {
  return text
    .replace(/\p{C}+/gu, " ")
    .trim()
    .slice(0, 300);
}
