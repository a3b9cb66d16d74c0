import { isScalar, visit, type Document } from "yaml";

export type Found = { offset: number; where: string };

const tokens = [
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_\w{20,}/,
  /\bglpat-[\w-]{16,}/,
  /\bsk-[\w-]{20,}/,
  /\bxox[abprs]-[\w-]{10,}/,
  /\bA[KS]IA[A-Z0-9]{16}\b/,
  /\bdop_v1_[a-f0-9]{32,}/,
  /\b\d{8,12}:[\w-]{30,}/,
  /\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/,
  /\/api(?:\/v\d+)?\/webhooks\/\d{15,}\/[\w-]{30,}/,
  /\bhooks\.slack\.com\/services\/\w+/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

const passwordInAddress = /^[a-z][a-z+]*:\/\/[^/@\s]*:[^/@\s]+@/;
const tokenAsUser = /^https?:\/\/[^/@\s:]{20,}@/;

/** Values that look like a secret. What they are is never repeated, neither on a terminal nor in a log. */
export function findInlineSecrets(document: Document.Parsed): Found[] {
  const found: Found[] = [];
  visit(document, {
    Scalar(_, node) {
      const value = isScalar(node) && typeof node.value === "string" ? node.value : "";
      const address = passwordInAddress.test(value) || tokenAsUser.test(value);
      if (!address && !looksSecret(value)) return;
      found.push({ offset: node.range?.[0] ?? 0, where: address ? "this address" : "this value" });
    },
  });
  return found;
}

/** So that a message never shows what should have stood elsewhere. */
export function looksSecret(value: string): boolean {
  return tokens.some((token) => token.test(value));
}
