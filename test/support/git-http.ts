import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** What is to go wrong with a request. */
export type Trouble =
  | { kind: "status"; code: number; text?: string }
  /** The host does what was asked, and its answer is lost. */
  | { kind: "answer-lost" }
  /** The host does what was asked, and then answers with an error. */
  | { kind: "status-after"; code: number }
  | { kind: "hang" };

export type GitHttp = AsyncDisposable & {
  address: string;
  /** Asked before each request; undefined means that all is well. */
  trouble: (request: { method: string; url: string }) => Trouble | undefined;
};

/** Smart HTTP for the repositories below `root`, as hosts serve it, on a loopback port. */
export async function startGitHttp(root: string, { token }: { token?: string } = {}): Promise<GitHttp> {
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const host: GitHttp = {
    address: "",
    trouble: () => undefined,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  host.address = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return host;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = request;
    const trouble = host.trouble({ method, url });
    if (trouble?.kind === "hang") return;
    if (trouble?.kind === "status") return refuse(response, trouble.code, trouble.text);
    const expected = token && `Basic ${Buffer.from(`pawl:${token}`).toString("base64")}`;
    if (expected && request.headers.authorization !== expected) {
      response.setHeader("WWW-Authenticate", 'Basic realm="git"');
      return refuse(response, 401);
    }
    const answer = await runBackend(root, request, await buffer(request));
    if (trouble?.kind === "answer-lost") return void response.destroy();
    if (trouble?.kind === "status-after") return refuse(response, trouble.code);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

function refuse(response: ServerResponse, code: number, text = ""): void {
  response.writeHead(code, { "Content-Type": "text/plain" }).end(text);
}

async function runBackend(root: string, request: IncomingMessage, body: Buffer) {
  const [path, query = ""] = (request.url ?? "/").split("?");
  const backend = spawn("git", ["-c", "http.receivepack=true", "http-backend"], {
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(path ?? "/"),
      QUERY_STRING: query,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  backend.stdin.on("error", () => undefined).end(body);
  const output = await buffer(backend.stdout);
  const end = output.indexOf("\r\n\r\n");
  const lines = output.toString("latin1", 0, end).split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
  const { Status = "200", ...rest } = headers;
  return { status: Number.parseInt(Status, 10), headers: rest, body: output.subarray(end + 4) };
}
