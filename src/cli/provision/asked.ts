import { isIP } from "node:net";

import { NodeName } from "../../core/ids.ts";
import { Fault } from "../../fault.ts";
import type { Target } from "../../../provision/wanted.ts";
import type { Options } from "./options.ts";
import type { Where } from "./target-for.ts";

/** What a command line asks for, with everything in it checked. */
export type Asked = {
  name: NodeName;
  where: Where;
  verb: "provision" | "upgrade" | "rollback" | "rotate" | "destroy" | "checklist";
  /** Nothing is to be changed. */
  onlyPlan: boolean;
  onlyStep: string | undefined;
  start: boolean;
  hostKey: string | undefined;
  acceptNewHostKey: boolean;
  repo: string | undefined;
  credentials: CredentialSource[];
  sshFrom: string[] | undefined;
  baselineSnapshot: string | undefined;
  /** Whoever typed this has agreed to what would be asked; `destroy` needs the name as well. */
  yes: { said: boolean; name: string | undefined };
};

/** Where the value of a variable comes from; it is never on the command line itself. */
export type CredentialSource = { name: string; from: "env" } | { name: string; from: "file"; path: string };

export function askedOf(name: string, options: Options): Asked {
  const verb = verbOf(options);
  const { only, yes, baselineSnapshot } = options;
  // Commander takes the name for the flag's own where it stands behind it.
  if (typeof yes === "string" && yes !== name) {
    throw usage(
      `--yes ${JSON.stringify(yes)} is not the name of the worker, ${name}`,
      "Write the name before --yes.",
    );
  }
  if (verb !== "provision") {
    for (const [flag, given] of [
      ["--only", only],
      ["--start", options.start],
      ["--baseline-snapshot", baselineSnapshot],
    ]) {
      if (given !== undefined)
        throw usage(`${String(flag)} does not go with --${verb}`, "Leave one of them out.");
    }
  }
  return {
    name: nameOf(name),
    where: whereOf(options),
    verb,
    onlyPlan: options.plan ?? false,
    onlyStep: only,
    start: options.start ?? false,
    hostKey: options.hostKey === undefined ? undefined : fingerprintOf(options.hostKey),
    acceptNewHostKey: options.acceptNewHostKey ?? false,
    repo: options.repo,
    credentials: (options.credential ?? []).map(credentialOf),
    sshFrom: options.sshFrom?.map(rangeOf),
    baselineSnapshot,
    yes: { said: yes !== undefined, name: typeof yes === "string" ? yes : undefined },
  };
}

function verbOf(options: Options): Asked["verb"] {
  const { upgrade, rollback, rotate, destroy, checklist } = options;
  const given = Object.entries({ upgrade, rollback, rotate, destroy, checklist }).flatMap(([verb, is]) =>
    is === undefined ? [] : [verb as Asked["verb"]],
  );
  const [verb = "provision", other] = given;
  if (other === undefined) return verb;
  throw usage(`--${verb} and --${other} at once`, "One after the other.");
}

function nameOf(text: string): NodeName {
  const name = NodeName.safeParse(text);
  // Providers make a host name of it, which must not end in a hyphen.
  if (name.success && !text.endsWith("-")) return name.data;
  const why = name.success ? "a name does not end in a hyphen" : (name.error.issues[0]?.message ?? "");
  throw usage(`${JSON.stringify(text)} is no name for a worker: ${why}`, "Such as pawl-worker-2.");
}

function whereOf(options: Options): Where {
  const { host, provider, region, size, image, hostKey } = options;
  const ofCloud = { "--provider": provider, "--region": region, "--size": size, "--image": image };
  if (host !== undefined) {
    const [flag] = Object.entries(ofCloud).find(([, given]) => given !== undefined) ?? [];
    if (flag !== undefined) throw usage(`${flag} does not go with --host`, "That machine is there already.");
    return hostOf(host);
  }
  if (hostKey !== undefined) {
    throw usage("--host-key does not go without --host", "We make the keys of new servers ourselves.");
  }
  for (const [flag, word] of Object.entries(ofCloud)) {
    if (word === undefined || /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(word)) continue;
    const hint = "`provision-worker --help` has examples.";
    throw usage(`${flag} ${JSON.stringify(word)} is nothing that a provider could have`, hint);
  }
  return { kind: "cloud", provider, region, size, image };
}

/** `user@address`, `user@address:port`, `[v6]:port`; root and 22 if not said. */
function hostOf(text: string): Extract<Target, { kind: "host" }> {
  const [, user = "root", bare, inBrackets, port = "22"] =
    /^(?:([^@]+)@)?(?:([^@:[\]]+)|\[([0-9a-fA-F:.]+)\])(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = bare ?? inBrackets;
  const isHost =
    address !== undefined && (isIP(address) > 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(address));
  if (isHost && /^[a-z_][a-z0-9_.-]{0,31}$/i.test(user) && Number(port) >= 1 && Number(port) <= 65_535) {
    return { kind: "host", user, address, port: Number(port) };
  }
  throw usage(
    `--host ${JSON.stringify(text)} is no user@address`,
    "Such as root@203.0.113.7, admin@box.example.org:2222 or root@[2001:db8::7]:22.",
  );
}

function fingerprintOf(text: string): string {
  if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text)) return text.replace(/=$/, "");
  throw usage(
    `--host-key ${JSON.stringify(text)} is no fingerprint`,
    "On the machine's console `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints it: SHA256: and 43 letters.",
  );
}

function rangeOf(text: string): string {
  const [, address = "", bits] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const widest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const asked = bits === undefined ? widest : Number(bits);
  if (widest > 0 && asked <= widest) return `${address}/${asked}`;
  throw usage(`--ssh-from ${JSON.stringify(text)} is no range`, "Such as 198.51.100.7 or 198.51.100.0/24.");
}

function credentialOf(text: string): CredentialSource {
  const [, name, file] = /^([A-Za-z_][A-Za-z0-9_]*)(?:=@(.+))?$/.exec(text) ?? [];
  if (name !== undefined) {
    return file === undefined ? { name, from: "env" } : { name, from: "file", path: file };
  }
  // It is not repeated: somebody may have written the secret itself.
  throw usage(
    "--credential takes the name of a variable, or NAME=@file",
    "Such as --credential ANTHROPIC_API_KEY, whose value is read from the environment here.",
  );
}

function usage(message: string, hint: string): Fault {
  return new Fault("USAGE", message, { hint });
}
