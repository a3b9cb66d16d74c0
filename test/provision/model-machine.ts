import { hash } from "node:crypto";

import type { MachineFacts } from "../../provision/facts.ts";
import { places, type Runtime } from "../../provision/places.ts";
import { workerFolders } from "../../provision/steps/system.ts";
import { runtimeNames } from "../../provision/steps/runtime.ts";
import type { Scripts } from "../../provision/scripts.ts";
import { isPlain, readRule } from "../../provision/steps/firewall-rules.ts";
import type { ScriptCall } from "../../provision/step.ts";

type Unit = MachineFacts["units"][string];
export type RepositoryAnswer = NonNullable<MachineFacts["repository"]>;

/** A machine fresh from its image, with an Ubuntu that keeps users from making namespaces. */
function bare(): MachineFacts {
  return {
    probe: 1,
    os: { id: "ubuntu", version: "24.04", arch: "x86_64", kernel: "6.8.0" },
    firstBoot: "running",
    memoryMb: 1963,
    swapMb: 0,
    diskFreeMb: 45_000,
    memoryFreeMb: 1500,
    upSeconds: 20,
    rebootPending: false,
    timeSynced: false,
    packages: { python3: "3.12", "ca-certificates": "2024" },
    user: { exists: false },
    folders: [],
    rootKeys: [],
    node: { installed: [] },
    openclaw: { installed: [] },
    pawl: { installed: [] },
    files: {},
    units: {},
    running: [],
    firewall: "inactive",
    firewallRules: ["default ACCEPT"],
    listening: [],
    passwordOnly: [],
    sshd: { passwordauthentication: "yes", kbdinteractiveauthentication: "no", permitrootlogin: "yes" },
    bwrap: "absent",
    held: false,
    hostKeys: ["SHA256:throwaway"],
  };
}

const deadUnit: Unit = {
  load: "not-found",
  active: "inactive",
  sub: "dead",
  enabled: "",
  restarts: 0,
  result: "success",
  needsReload: false,
};

/** What scripts do to a machine, as far as a probe could tell afterwards; one that comes too early fails. */
export class ModelMachine {
  readonly state = bare();
  isThrowAway = true;
  /** Probes until cloud-init has ended. */
  bootsFor = 2;
  /** Systems differ in whether users may make namespaces without a profile. */
  restrictsNamespaces = true;
  /** What the repository's host says to the worker's key. */
  askRepository: (publicKey: string) => RepositoryAnswer;

  constructor(askRepository: (publicKey: string) => RepositoryAnswer) {
    this.askRepository = askRepository;
  }

  probe(): MachineFacts {
    if (this.state.firstBoot === "running" && --this.bootsFor < 0) this.state.firstBoot = "done";
    const { packages, deployKey, files } = this.state;
    const canAsk = "git" in packages && deployKey !== undefined;
    const bwrapMay = !this.restrictsNamespaces || places.bwrapProfile in files;
    return structuredClone({
      ...this.state,
      bwrap: !("bubblewrap" in packages) ? "absent" : bwrapMay ? "works" : "refused",
      ...(canAsk && {
        repository: files[places.knownHosts]
          ? this.askRepository(deployKey.publicKey)
          : { refused: "Host key verification failed." },
      }),
    });
  }

  run({ name, values }: ScriptCall, input = ""): void {
    const { state } = this;
    switch (name) {
      case "swap":
        state.swapMb = values.sizeMb - 1;
        state.diskFreeMb -= values.sizeMb;
        return;
      case "packages":
        for (const one of values.packages) state.packages[one] = "1.0";
        return;
      case "user":
        state.user = { exists: true, home: places.home, shell: "/usr/sbin/nologin" };
        state.folders = [...workerFolders];
        return;
      case "timesync":
        state.timeSynced = true;
        return;
      case "node":
        this.#needs("curl" in state.packages && "xz-utils" in state.packages, "curl and xz");
        return this.install("node", values.version);
      case "openclaw":
        this.#needs(state.node.current, "Node");
        this.#needs(state.swapMb > 2000 || state.memoryMb > 3800, "swap");
        return this.install("openclaw", values.version);
      case "switch":
        this.#needs(state[values.runtime].installed.includes(values.version), "the version");
        state[values.runtime].current = values.version;
        return;
      case "upgrade":
        return this.#upgrade(values);
      case "rollback":
        for (const runtime of runtimeNames) {
          const { previous } = state[runtime];
          if (previous === undefined) continue;
          state[runtime].current = previous;
          delete state[runtime].previous;
        }
        return this.#settle();
      case "prune": {
        const { current } = state[values.runtime];
        state[values.runtime].installed = state[values.runtime].installed.filter(
          (version) => version === current || values.keep.includes(version),
        );
        return;
      }
      case "deploy-key":
        this.#needs(state.user.exists, "the user");
        state.deployKey ??= { publicKey: `ssh-ed25519 AAAAC3Worker ${values.comment}`, madeAt: 0 };
        return;
      case "write-files":
        return this.#writeFiles(input);
      case "enable":
        for (const unit of values.units) {
          this.#needs(this.unit(unit).load === "loaded", unit);
          Object.assign(this.unit(unit), { enabled: "enabled", active: "active", sub: "running" });
        }
        return;
      case "disable":
        for (const unit of values.units) {
          Object.assign(this.unit(unit), { enabled: "disabled", active: "inactive", sub: "dead" });
        }
        return;
      case "remove":
        Object.assign(state, { files: {}, units: {} });
        for (const runtime of runtimeNames) state[runtime] = { installed: [] };
        return;
      case "firewall":
        this.#needs("ufw" in state.packages, "ufw");
        state.firewall = "active";
        state.firewallRules = [
          "default DROP",
          ...state.firewallRules.filter((rule) => !rule.startsWith("default ") && !isClosed(rule, values)),
          ...values.open.flatMap((opening) => {
            const [port, from = ""] = opening.split(" ");
            const ranges = from === "any" ? ["0.0.0.0/0", "::/0"] : [from];
            return ranges.map((range) => `allow ${port}/tcp from ${range}`);
          }),
        ];
        return;
      default:
        throw new Error(`the model does not know ${name}`);
    }
  }

  #upgrade(versions: Partial<Record<Runtime, string | undefined>>): void {
    const { state } = this;
    for (const runtime of runtimeNames) {
      const version = versions[runtime];
      const { current, installed } = state[runtime];
      if (version === undefined) continue;
      this.#needs(installed.includes(version), `${runtime} ${version}`);
      if (current === version) delete state[runtime].previous;
      else if (current !== undefined) state[runtime].previous = current;
      state[runtime].current = version;
    }
    this.#settle();
  }

  /** A run that stops the worker to switch is ended in the middle of it. */
  cutOff(): void {
    Object.assign(this.unit(places.worker), { active: "inactive", sub: "dead" });
    this.writeFile(places.switching, { sha256: "e".repeat(64), owner: "root:root", mode: "0644" });
  }

  #settle(): void {
    if (!(places.switching in this.state.files)) return;
    Object.assign(this.unit(places.worker), { active: "active", sub: "running" });
    delete this.state.files[places.switching];
  }

  install(runtime: Runtime, version: string): void {
    if (!this.state[runtime].installed.includes(version)) this.state[runtime].installed.push(version);
  }

  writeFile(path: string, file: { sha256: string; owner: string; mode: string }): void {
    this.#needs(!file.owner.includes(places.user) || this.state.user.exists, "the user");
    this.state.files[path] = { ...file, changedAt: 0 };
  }

  unit(name: string): Unit {
    return (this.state.units[name] ??= { ...deadUnit });
  }

  #writeFiles(manifest: string): void {
    for (const line of manifest.split("\n").filter(Boolean)) {
      const [mode = "", owner = "", path = "", content = ""] = line.split(" ");
      this.writeFile(path, { mode, owner, sha256: hash("sha256", Buffer.from(content, "base64")) });
      const [, unit] = /^\/etc\/systemd\/system\/(.+)$/.exec(path) ?? [];
      if (unit !== undefined) Object.assign(this.unit(unit), { load: "loaded", needsReload: false });
      if (path === places.sshd) {
        this.state.sshd = {
          ...this.state.sshd,
          passwordauthentication: "no",
          ...(Buffer.from(content, "base64").includes("PermitRootLogin") && {
            permitrootlogin: "without-password",
          }),
        };
      }
    }
  }

  #needs(isThere: unknown, what: string): void {
    if (isThere === undefined || isThere === false) throw new Error(`a script came before ${what} was there`);
  }
}

function isClosed(text: string, { close }: Scripts["firewall"]): boolean {
  const rule = readRule(text);
  return (
    rule !== undefined &&
    isPlain(rule) &&
    close.includes(`${rule.verb} ${rule.from} ${rule.port} ${rule.proto} ${rule.app ?? "-"}`)
  );
}
