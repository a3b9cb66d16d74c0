import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type CuttingProxy = AsyncDisposable & {
  address: string;
  /** Asked at each push: after how many milliseconds it is cut off. Undefined lets it through. */
  cutAfterMs: () => number | undefined;
  cuts: number;
};

/** Stands between the nodes and a hub that speaks HTTP, and cuts the line in the middle of pushes. */
export async function startCuttingProxy(target: { host: string; port: number }): Promise<CuttingProxy> {
  const lines = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target.port, target.host);
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      lines.add(socket);
      socket.on("error", cut);
      socket.on("close", () => {
        lines.delete(socket);
        cut();
      });
    }
    near.on("data", (chunk: Buffer) => {
      if (!/^POST \S*\/git-receive-pack /.test(chunk.toString("latin1", 0, 200))) return;
      const afterMs = proxy.cutAfterMs();
      if (afterMs === undefined) return;
      proxy.cuts++;
      setTimeout(cut, afterMs);
    });
    near.pipe(far);
    far.pipe(near);
  });
  const proxy: CuttingProxy = {
    address: "",
    cutAfterMs: () => undefined,
    cuts: 0,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of lines) socket.destroy();
      await once(server, "close");
    },
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  proxy.address = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return proxy;
}
