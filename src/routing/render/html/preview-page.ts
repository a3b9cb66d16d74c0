import type { Message } from "../../../ports/channel.ts";
import { discordPost } from "./discord-html.ts";
import { escapeHtml } from "./escape-html.ts";
import { previewStyle } from "./preview-style.ts";
import { telegramBubble } from "./telegram-html.ts";

/** Messages of one network under a name of their chat or channel. */
export type Sheet = { name: string; time: string; messages: readonly Message[] };

/** A page that shows real payloads as their networks would, and loads nothing from anywhere. */
export function previewPage(title: string, sheets: readonly Sheet[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${previewStyle}</style>
</head>
<body>
${sheets.map(drawn).join("\n")}
</body>
</html>
`;
}

function drawn({ name, time, messages }: Sheet): string {
  const network = messages[0]?.kind ?? "page";
  const shown = messages.map((message) => one(message, time)).join("\n");
  return `<section class="${network}"><header>${escapeHtml(name)}</header>\n${shown}\n</section>`;
}

function one(message: Message, time: string): string {
  switch (message.kind) {
    case "telegram":
      return telegramBubble(message, time);
    case "discord":
      return discordPost(message, time);
    case "page":
      return `<pre class="page-text">${escapeHtml(message.markdown)}</pre>`;
    case "card":
      return `<pre class="page-text">${escapeHtml(JSON.stringify(message.card, undefined, 2))}</pre>`;
    default:
      return message satisfies never;
  }
}
