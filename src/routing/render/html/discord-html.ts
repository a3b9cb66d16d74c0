import type { DiscordEmbed, DiscordMessage } from "../../../ports/channel.ts";
import { discordMarkdown, discordLine } from "./discord-markdown.ts";
import { escapeHtml, linkAround } from "./escape-html.ts";

/** A message as Discord shows it: content, embeds, files. `time` stands beside the name, such as 09:10. */
export function discordPost({ content, embeds, files = [] }: DiscordMessage, time: string): string {
  const shown = [
    content === undefined ? "" : `<div>${discordMarkdown(content)}</div>`,
    ...embeds.map((embed) => embedOf(embed, time)),
    ...files.map(
      ({ name, text }) =>
        `<div class="dc-file"><span>📄</span><div>${escapeHtml(name)}<br><small>${new Blob([text]).size} bytes</small></div></div>`,
    ),
  ];
  return `<div class="dc"><div class="dc-face">P</div><div class="dc-post"><div class="dc-name">Pawl <span>APP</span><time>${escapeHtml(time)}</time></div>${shown.join("")}</div></div>`;
}

function embedOf(
  { color = 0, description, fields = [], footer, timestamp, title, url }: DiscordEmbed,
  time: string,
): string {
  const heading =
    title === undefined ? "" : `<div class="dc-title">${linkAround(discordLine(title), url)}</div>`;
  const text = description === undefined ? "" : `<div class="dc-text">${discordMarkdown(description)}</div>`;
  const beside = fields.map(
    ({ name, value, inline = false }) =>
      `<div class="${inline ? "dc-inline" : ""}"><b>${discordLine(name)}</b><br>${discordMarkdown(value)}</div>`,
  );
  const small = [footer?.text, timestamp && time].filter(Boolean).join(" • ");
  return [
    `<div class="dc-embed" style="border-color:#${(color & 0xff_ff_ff).toString(16).padStart(6, "0")}">`,
    heading,
    text,
    beside.length > 0 ? `<div class="dc-fields">${beside.join("")}</div>` : "",
    small === "" ? "" : `<div class="dc-foot">${escapeHtml(small)}</div>`,
    "</div>",
  ].join("");
}
