import { Fault } from "../../src/fault.ts";
import type { Spool } from "../../src/ports/spool.ts";
import { contact, type Contact } from "./contact.ts";

/** Where a contact is kept: nothing else on this machine is remembered of a worker. */
export class ContactFile {
  readonly #spool: Spool<unknown>;

  constructor(spool: Spool<unknown>) {
    this.#spool = spool;
  }

  async read(): Promise<Contact> {
    const read = contact.safeParse((await this.#spool.read()) ?? {});
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    throw new Fault(
      "SPOOL_BROKEN",
      `What is kept of the worker's host key cannot be read: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
      {
        hint: "Move that file away, and say the host key with --host-key; `ssh-keygen -l` on the worker shows it.",
      },
    );
  }

  /** It is on the disk when this resolves. */
  async write(value: Contact): Promise<void> {
    await this.#spool.write(value);
  }

  async forget(): Promise<void> {
    await this.#spool.write({});
  }
}
