import { createInterface } from "node:readline";

import { startDiscord } from "./server.ts";

/**
 * A Discord to try things out with: `node test/support/discord-server/main.ts`, and Ctrl-C ends it. A line such as
 * `/show task T-…` is what the owner types there.
 */
const server = await startDiscord();
const { world } = server;
process.stdout.write(
  [
    `export DISCORD_API_ROOT=${server.root}`,
    `export DISCORD_BOT_TOKEN=${world.token}`,
    `# the server's id is ${world.guild}, the owner's ${world.owner}; \`pawl route setup\` makes the channels`,
    "",
  ].join("\n"),
);
let shown = 0;
setTimeout(function look() {
  for (const { method, path, status, body } of server.seen.slice(shown)) {
    process.stdout.write(`${status} ${method} ${path} ${JSON.stringify(body)}\n`);
  }
  shown = server.seen.length;
  setTimeout(look, 200);
}, 200);
createInterface({ input: process.stdin }).on("line", (line) => {
  const [name = "", option, ...words] = line.replace(/^\//, "").split(" ");
  const options = option === undefined ? {} : { [option]: words.join(" ") };
  void server.type({ name, options }).then(({ content }) => process.stdout.write(`shown: ${content}\n`));
});
process.once("SIGINT", () => process.exit());
