import { createInterface } from "node:readline/promises";

import { draw, drawCall } from "./draw.ts";
import { type Recorded, startTelegram } from "./server.ts";

// A Telegram on this machine: shows its chats live, and does what is typed as if a person did it in the app.
const owner = Number(process.env["TELEGRAM_OWNER"] ?? 4242);
const port = Number(process.env["PORT"] ?? 8081);

const help = `  hello              types that, as user ${owner}
  /queue             a command is a message too
  !Approve           presses the newest button with that label
  >105 14, please    answers message 105
  @666 hello         types that as user 666, in the chat of ${owner}
  ?                  shows the whole chat
`;

await using telegram = await startTelegram({ port, lastUpdate: Math.floor(Date.now() / 1000), watch: show });
telegram.people.start(owner);
print(`TELEGRAM_API_ROOT=${telegram.apiRoot} TELEGRAM_BOT_TOKEN=${telegram.token}\n\n${help}`);

const input = createInterface({ input: process.stdin });
for await (const line of input) {
  try {
    act(line.trim());
  } catch (error) {
    print(String(error));
  }
}

/** The message as it stands after a call that made or changed one, and one line for any other call. */
function show(call: Recorded): void {
  if (call.method === "getUpdates" && call.answer?.ok) return;
  const newest = telegram.people.sees(owner).at(-1)?.id;
  const changed = call.payload.message_id ?? (call.method.startsWith("send") ? newest : undefined);
  const message = telegram.people.sees(owner).find(({ id }) => id === changed);
  print(message && call.answer?.ok ? draw([message]) : drawCall(call));
}

function act(line: string): void {
  const [, sign, number, rest] = /^([>@])(\d+)\s+(.*)$/.exec(line) ?? [];
  if (line === "") return;
  if (line === "?") print(draw(telegram.people.sees(owner)));
  else if (line.startsWith("!")) press(line.slice(1).trim());
  else if (sign === ">") telegram.people.types(owner, rest ?? "", { replyTo: Number(number) });
  else if (sign === "@") telegram.people.types(Number(number), rest ?? "", { chat: owner });
  else telegram.people.types(owner, line);
}

function press(label: string): void {
  telegram.people
    .presses(owner, label)
    .toast.then(({ text }) => print(`  (${text || "no words"})`))
    .catch(() => undefined);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
