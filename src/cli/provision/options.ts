import { type Command, Option } from "commander";

import { examples } from "../host.ts";

/** What Commander reads of a command line. */
export type Options = {
  provider?: "digitalocean" | "hetzner";
  region?: string;
  size?: string;
  image?: string;
  host?: string;
  hostKey?: string;
  acceptNewHostKey?: boolean;
  repo?: string;
  credential?: string[];
  sshFrom?: string[];
  plan?: boolean;
  only?: string;
  yes?: string | true;
  start?: boolean;
  baselineSnapshot?: string;
  rotate?: "keys";
  upgrade?: boolean;
  rollback?: boolean;
  destroy?: boolean;
  checklist?: boolean;
};

const collect = (given: string, before: string[] = []) => [...before, given];

export function addOptions(command: Command): Command {
  return command
    .argument("[name]", "of the server and the worker", "pawl-worker-1")
    .optionsGroup("Where:")
    .addOption(
      new Option("--provider <provider>", "whose server; default: digitalocean").choices([
        "digitalocean",
        "hetzner",
      ]),
    )
    .option("--region <region>", "default: nyc3, or nbg1 at hetzner")
    .option("--size <size>", "default: s-1vcpu-2gb, or cx23 at hetzner")
    .option("--image <image>", "default: Ubuntu 24.04; a Debian 12 or 13 will do as well")
    .option("--host <user@address>", "a machine of yours that ssh reaches, instead of a new server")
    .option("--host-key <fingerprint>", "its host key, as SHA256:...; default: what known_hosts says")
    .option("--ssh-from <range>", "only this CIDR range may reach ssh; may be repeated", collect)
    .optionsGroup("What:")
    .option("--repo <address>", "repository as the worker reaches it; default: what the configuration says")
    .option("--credential <name>", "a variable that the worker is to see, as NAME or NAME=@file", collect)
    .option("--start", "start the worker, and whenever the machine boots")
    .option("--only <step>", "this step alone")
    .option("--plan", "change nothing; exit with 0 if nothing is to be done and with 2 if something is")
    .option("--yes [name]", "do not ask; --destroy wants the name repeated")
    .optionsGroup("Instead:")
    .option("--upgrade", "switch the worker to the versions of this release, and back if it does not work")
    .option("--rollback", "switch back to the versions from before the upgrade")
    .addOption(
      new Option("--rotate <what>", "replace the worker's deploy key and its machine's host key").choices([
        "keys",
      ]),
    )
    .option("--accept-new-host-key", "pin the host key that the machine shows now")
    .option("--baseline-snapshot <server>", "first take a snapshot of this server, the main machine for one")
    .option("--checklist", "only say which cron jobs of this machine could move to a worker")
    .option("--destroy", "remove the worker, its server and its keys")
    .addHelpText(
      "after",
      `
Makes a machine a worker of the coordination repository, step by step. Each step is looked at
first and done only where something differs, so it may be run again at any time: to finish what
was interrupted, or to repair what was changed.

  DO_API_TOKEN, HCLOUD_TOKEN     the account that servers are ordered from
  GITHUB_TOKEN                   registers the worker's deploy key; without it you do that by hand
${examples(
  "provision-worker --plan",
  "provision-worker",
  "provision-worker builder-2 --region fra1 --size s-2vcpu-4gb --start",
  "provision-worker --host root@203.0.113.7 --host-key SHA256:...",
  "provision-worker pawl-worker-1 --destroy",
)}`,
    );
}
