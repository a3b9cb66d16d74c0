import type { Shown } from "./chats.ts";
import type { Recorded } from "./server.ts";

/** A chat as it looks in an app, as far as a terminal goes. */
export function draw(messages: readonly Shown[]): string {
  return messages.map(drawMessage).join("\n\n");
}

function drawMessage(shown: Shown): string {
  const { id, from, text, buttons, document, replyTo, isSilent, isPinned, edits } = shown;
  const notes = [
    replyTo === undefined ? "" : `answers ${replyTo}`,
    isSilent ? "silent" : "",
    isPinned ? "pinned" : "",
    edits > 0 ? `edited ${edits}×` : "",
  ].filter((note) => note !== "");
  const head = `${id} ${from === "bot" ? "bot" : `user ${from}`}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
  const rows = buttons.map((row) => row.map((button) => `[ ${button.text} ]`).join(" "));
  const file = document ? [`📎 ${document.name}, ${document.text.length} characters`] : [];
  return [head, ...[text, ...file, ...rows].filter((part) => part !== "").map(indented)].join("\n");
}

/** One line for a call and its end. */
export function drawCall({ method, payload, fault, answer }: Recorded): string {
  const to = payload.chat_id === undefined ? "" : ` ${payload.chat_id}`;
  const words = payload.text ?? payload.caption ?? "";
  const end = answer && !answer.ok ? ` -> ${answer.error_code} ${answer.description}` : "";
  return `${method}${to}${fault ? ` [${fault}]` : ""}${end}${words === "" ? "" : `\n${indented(words)}`}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
