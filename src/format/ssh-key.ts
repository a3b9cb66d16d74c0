import { createHash, createPrivateKey, createPublicKey } from "node:crypto";

/** An ed25519 key pair, as OpenSSH writes it. */
export type SshKeyPair = {
  /** `ssh-ed25519 AAAA...`, without a comment. */
  publicKey: string;
  /** Text of the file, without a passphrase. */
  privateKey: string;
  /** `SHA256:...` */
  fingerprint: string;
};

/** @param seed 32 random bytes; who knows them has the key */
export function sshKeyPair(seed: Buffer, comment: string): SshKeyPair {
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: "der", type: "pkcs8" });
  const open = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  const blob = Buffer.concat([field("ssh-ed25519"), field(open)]);
  return {
    publicKey: `ssh-ed25519 ${blob.toString("base64")}`,
    privateKey: armoured(privateFile(seed, open, blob, comment)),
    fingerprint: fingerprintOf(blob),
  };
}

/** The fingerprint of a public key in the form in which ssh sends it, as `ssh-keygen -l` shows it. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** Reads `TYPE BASE64 [COMMENT]`; undefined when it is no public key. */
export function readPublicKey(line: string): { type: string; blob: Buffer } | undefined {
  const [type = "", base64 = ""] = line.trim().split(/\s+/);
  const blob = Buffer.from(base64, "base64");
  return keyType(blob) === type && type !== "" ? { type, blob } : undefined;
}

/**
 * What the text of a private key tells without its passphrase: whether it needs one, and in OpenSSH's own format the
 * public half. Undefined when it is no private key, or one of PKCS #8, which ssh2 does not read.
 */
export function readPrivateKey(text: string): { isOpen: boolean; publicKey?: string } | undefined {
  const [, kind, body = ""] = /-----BEGIN (OPENSSH|RSA|EC) PRIVATE KEY-----(.*?)-----END/s.exec(text) ?? [];
  if (body === "") return undefined;
  if (kind !== "OPENSSH") return { isOpen: !body.includes("ENCRYPTED") };
  const fields = readFields(Buffer.from(body, "base64").subarray(magic.length));
  const [cipher, , , blob] = fields;
  if (!cipher || !blob) return undefined;
  return {
    isOpen: cipher.toString("latin1") === "none",
    publicKey: `${keyType(blob)} ${blob.toString("base64")}`,
  };
}

/** The type that a key says it has, `ssh-ed25519` for one; empty when these bytes are no key. */
export function keyType(blob: Buffer): string {
  if (blob.length < 4) return "";
  const length = blob.readUInt32BE(0);
  return length > 64 || length + 4 > blob.length ? "" : blob.toString("latin1", 4, 4 + length);
}

const magic = Buffer.from("openssh-key-v1\0");

/** Cipher, key derivation, its options and the first key; between them stands how many keys there are. */
function readFields(bytes: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; fields.length < 4 && at + 4 <= bytes.length;) {
    if (fields.length === 3) at += 4;
    const length = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : Infinity;
    if (at + 4 + length > bytes.length) break;
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

/** What stands before the 32 bytes of an ed25519 seed in PKCS #8. */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** OpenSSH's PROTOCOL.key: the pair of equal numbers only tells whoever deciphers it that the passphrase was right. */
function privateFile(seed: Buffer, open: Buffer, blob: Buffer, comment: string): Buffer {
  const pair = Buffer.concat([
    Buffer.alloc(8),
    field("ssh-ed25519"),
    field(open),
    field(Buffer.concat([seed, open])),
    field(comment),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (pair.length % 8)) % 8 }, (_, n) => n + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  return Buffer.concat([
    magic,
    field("none"),
    field("none"),
    field(""),
    count,
    field(blob),
    field(Buffer.concat([pair, padding])),
  ]);
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function armoured(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}
