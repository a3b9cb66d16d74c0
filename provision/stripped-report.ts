import type { Facts } from "./facts.ts";

/**
 * The facts as they may be shown to strangers, for the report of a defect: without addresses, keys, names that a
 * person chose, and whatever looks like a secret.
 */
export function strippedReport(step: string, facts: Facts): string {
  return JSON.stringify({ step, facts }, stripped, 2);
}

const removed = "[removed]";

/** Of servers and keys, and what a person named. */
const private_ = new Set([
  "address",
  "key",
  "publicKey",
  "hostKey",
  "keyId",
  "id",
  "name",
  "title",
  "bootLog",
]);
const privateLists = new Set([
  "rootKeys",
  "hostKeys",
  "knownHosts",
  "sshLimit",
  "otherWorkers",
  "passwordOnly",
]);

function stripped(this: unknown, field: string, value: unknown): unknown {
  if (Array.isArray(value)) return privateLists.has(field) ? value.map(() => removed) : value;
  if (typeof value !== "string" || field === "sha256") return value;
  // The system's id and the commit that a worker saw are what such a report is about.
  const isOfSystem = typeof this === "object" && this !== null && "kernel" in this;
  if (private_.has(field) && !isOfSystem) return removed;
  return patterns.reduce((text, pattern) => text.replace(pattern, removed), value);
}

const patterns: readonly RegExp[] = [
  /\b(ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w@.-]+ [A-Za-z0-9+/=]+/g,
  /\bSHA256:[A-Za-z0-9+/=]+/g,
  /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi,
  /[\w.+-]+@[\w.-]+(:\S*)?/g,
  /\b\d{1,3}(\.\d{1,3}){3}\b(\/\d{1,2})?/g,
  /(?<![\w:])(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]{3,}(\/\d{1,3})?(?![\w:])/gi,
  /[A-Za-z0-9_+/=-]{24,}/g,
];
