import type { APIMessage } from "discord-api-types/v10";

/** Whether a message says in an embed's footer, or in its last line, that it is this one. */
export function carriesMarker(message: Pick<APIMessage, "content" | "embeds">, marker: string): boolean {
  const footers = message.embeds.map(({ footer }) => footer?.text ?? "");
  const lastLine = message.content.trimEnd().split("\n").at(-1) ?? "";
  return [...footers, lastLine].some((text) => says(text, marker));
}

/** As whole words: the marker of part 1 is no marker of part 10. */
function says(text: string, marker: string): boolean {
  for (let at = text.indexOf(marker); at !== -1; at = text.indexOf(marker, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? " ") && !/\w/.test(text[at + marker.length] ?? " ")) return true;
  }
  return false;
}
