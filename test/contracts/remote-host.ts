import { hash, randomBytes } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { RemoteHost } from "../../src/ports/remote-host.ts";

/** @param open a new connection to a machine whose shell is a real one */
export function describeRemoteHost(name: string, open: () => Promise<RemoteHost>): void {
  describe(`${name} as a remote host`, { tags: ["slow"] }, () => {
    let host: RemoteHost;
    beforeAll(async () => {
      host = await open();
    });
    afterAll(async () => host[Symbol.asyncDispose]());

    const run = (script: string, input?: string | Buffer) =>
      host.run(script, { seconds: 30, ...(input !== undefined && { input }) });

    test("shows its key's fingerprint", () => {
      expect(host.hostKey).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    });

    test("tells a script's status, and what it said on either way", async () => {
      expect(await run("echo out; echo err >&2; exit 3")).toEqual({
        status: 3,
        stdout: "out\n",
        stderr: "err\n",
      });
    });

    test("runs it as root, in the folder that is always there", async () => {
      expect((await run("id -u; pwd; umask")).stdout).toBe("0\n/\n0022\n");
    });

    test.each([0, 1, 97, 126, 127, 255])("tells the status %i as it is", async (status) => {
      expect((await run(`exit ${status}`)).status).toBe(status);
    });

    test("tells of a script that a signal ended as a shell does", async () => {
      expect((await run("kill -KILL $$")).status).toBe(137);
    });

    test("stops where the script is no shell's", async () => {
      const { status, stderr } = await run("if then");
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/syntax error/i);
    });

    test("gives nothing to read when there is no input", async () => {
      expect((await run("cat; echo end")).stdout).toBe("end\n");
    });

    test.each([
      ["quotes", `'"\\'"'`],
      ["what a shell takes for its own", "$(touch /tmp/no) `id` ${HOME} !! ; & | < > * ? ~ # \\"],
      ["line ends", "\n\r\n\n"],
      ["what looks like our own words", "pawl-begins\n#pawl-ends\n10 10\n"],
      ["characters of more than one byte", "ä€😀\u202e"],
      ["nothing but a NUL", "\0"],
    ])("hands on input with %s as it is", async (_, text) => {
      expect((await run("cat", text)).stdout).toBe(text);
    });

    test.each([
      ["quotes", `'"\\'"`],
      ["dollars", "$HOME $(id) `id`"],
      ["characters of more than one byte", "ä€😀"],
      ["line ends", "a\nb\n"],
    ])("takes a script with %s as it is", async (_, text) => {
      expect((await run(`cat <<'END'\n${text}\nEND\n`)).stdout).toBe(`${text}\n`);
    });

    test("has neither script nor input in any list of processes", async () => {
      const secret = randomBytes(12).toString("hex");
      const { stdout } = await run(
        `: ${secret}\nread -r word\nfor file in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do
          if tr '\\0' ' ' < "$file" 2>/dev/null | grep -q "$word"; then echo "$file"; fi
        done\necho looked`,
        `${secret}\n`,
      );
      expect(stdout).toBe("looked\n");
    });

    test("leaves no file behind of its input", async () => {
      const { stdout } = await run("cat > /dev/null; ls /run | grep pawl-input || echo none", "a secret");
      expect(stdout).toBe("none\n");
    });

    test("takes bytes that are no text, all of them", async () => {
      const bytes = randomBytes(3_000_000);
      expect((await run("sha256sum | cut -c1-64; true", bytes)).stdout.trim()).toBe(hash("sha256", bytes));
    });

    test("does not mind a script that ends before it has read its input", async () => {
      expect((await run("exit 4", Buffer.alloc(5_000_000, "x"))).status).toBe(4);
      expect((await run("echo still here")).stdout).toBe("still here\n");
    });

    test("tells lines as they come, and what is left of the last one", async () => {
      const file = `/run/pawl-test-${randomBytes(6).toString("hex")}`;
      const lines: string[] = [];
      const seen = Promise.withResolvers<void>();
      const ran = host.run(
        `echo one; until rm ${file}; do sleep 0.02; done 2> /dev/null
        printf 'tw'; sleep 0.1; echo 'o €'; echo; printf rest`,
        {
          seconds: 30,
          onLine: (line) => {
            lines.push(line);
            seen.resolve();
          },
        },
      );
      await seen.promise;
      expect(lines).toEqual(["one"]);
      await run(`touch ${file}`);
      await ran;
      expect(lines).toEqual(["one", "two €", "", "rest"]);
    });

    test("brings 50 MB of output whole", async () => {
      const { stdout } = await run("head -c 50000000 /dev/zero | tr '\\0' 'x'");
      expect(stdout.length).toBe(50_000_000);
    });

    test("runs more at once than one connection may have sessions", async () => {
      const all = await Promise.all(Array.from({ length: 15 }, async (_, n) => run(`sleep 0.05; echo ${n}`)));
      expect(all.map(({ stdout }) => stdout)).toEqual(all.map((_, n) => `${n}\n`));
    });

    test("holds on until it is let go", async () => {
      const file = `/run/pawl-test-${randomBytes(6).toString("hex")}`;
      const held = await host.hold(`touch ${file}; echo "it is mine"; cat > /dev/null; rm ${file}`, 30);
      expect(held.firstLine).toBe("it is mine");
      expect((await run(`test -e ${file}`)).status).toBe(0);
      await held[Symbol.asyncDispose]();
      expect((await run(`test -e ${file}`)).status).toBe(1);
    });

    test("is held by another connection alone", async () => {
      const file = `/run/pawl-test-${randomBytes(6).toString("hex")}`;
      const lock = `exec 9>${file}; flock -n 9 && echo mine || { echo taken; exit; }; cat > /dev/null`;
      const other = await open();
      const held = await other.hold(lock, 30);
      const refused = await host.hold(lock, 30);
      expect([held.firstLine, refused.firstLine]).toEqual(["mine", "taken"]);
      await refused[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      const again = await host.hold(lock.replace("-n", "-w 20"), 30);
      expect(again.firstLine).toBe("mine");
      await again[Symbol.asyncDispose]();
      await run(`rm ${file}`);
    });

    test("hears from us while it holds", async () => {
      await using held = await host.hold("read -r word && echo \"heard '$word'\"; cat > /dev/null", 30);
      expect(held.firstLine).toBe("heard ''");
    });

    test("says so when there was nothing to hold", async () => {
      await expect(host.hold("echo no >&2; exit 1", 30)).rejects.toMatchObject({
        code: "STEP_FAILED",
        message: expect.stringContaining("no") as string,
      });
    });

    test("is over once it is closed", async () => {
      const other = await open();
      await other[Symbol.asyncDispose]();
      await expect(other.run("true", { seconds: 30 })).rejects.toMatchObject({ code: "SSH_LOST" });
      await other[Symbol.asyncDispose]();
    });
  });
}
