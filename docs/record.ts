/**
 * Runs `npm start` in a terminal and draws what it showed, when it showed it, as docs/demo.svg. What does not move
 * shows the end.
 * Usage: node docs/record.ts (needs `script` of util-linux)
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

type Line = { atMs: number; text: string };

const columns = 112;
const rows = 34;
const [letterWidth, lineHeight, margin, titleBar] = [7.8, 18, 16, 30];
const restMs = 500;

const lines = await recorded("npm start --silent");
await writeFile(join(import.meta.dirname, "demo.svg"), drawn(lines));

async function recorded(command: string): Promise<Line[]> {
  const child = spawn("script", ["--quiet", "--flush", "--return", "--command", command, "/dev/null"], {
    env: { ...process.env, TERM: "xterm-256color", COLUMNS: String(columns) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const beganMs = performance.now();
  const seen: Line[] = [{ atMs: 0, text: "\u001b[2m$\u001b[22m \u001b[36mnpm start\u001b[39m" }];
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split(/\r?\n/);
    rest = parts.pop() ?? "";
    for (const text of parts) seen.push({ atMs: performance.now() - beganMs, text });
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`${command} ended with exit code ${code}`);
  return seen;
}

function drawn(shown: Line[]): string {
  const width = Math.ceil(columns * letterWidth + 2 * margin);
  const height = titleBar + rows * lineHeight + margin + 12;
  const totalMs = (shown.at(-1)?.atMs ?? 0) + restMs;
  const last = Math.max(0, shown.length - rows);
  const texts = shown.map(({ atMs, text }, n) => {
    const y = titleBar + margin + (n + 0.8) * lineHeight;
    return `<text x="${margin}" y="${y}" class="l" style="animation-duration:${Math.round(atMs)}ms">${spans(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13">
<title>npm start: a hub, a main node, a worker and three tasks</title>
<style>
.l{fill:#d6deeb;white-space:pre;animation:wait 0s}
.b{font-weight:700;fill:#fff}.d{opacity:.55}.c31{fill:#ff6e6e}.c32{fill:#7fdb8a}.c33{fill:#ecc48d}.c34{fill:#82aaff}.c35{fill:#c792ea}.c36{fill:#7fdbca}.c90{fill:#8090a0}
@keyframes wait{from,to{opacity:0}}
#page{transform:translateY(${-last * lineHeight}px);animation:scroll ${Math.round(totalMs)}ms step-end}
@keyframes scroll{${scrolling(shown, totalMs)}}
@media (prefers-reduced-motion:reduce){.l,#page{animation:none}}
</style>
<rect width="${width}" height="${height}" rx="10" fill="#0b1622"/>
<circle cx="20" cy="15" r="5" fill="#ff5f57"/><circle cx="38" cy="15" r="5" fill="#febc2e"/><circle cx="56" cy="15" r="5" fill="#28c840"/>
<clipPath id="screen"><rect x="0" y="${titleBar}" width="${width}" height="${height - titleBar - 6}"/></clipPath>
<g clip-path="url(#screen)"><g id="page">
${texts.join("\n")}
</g></g>
</svg>
`;
}

/** The page moves up whenever a line would fall below the last row. */
function scrolling(shown: Line[], totalMs: number): string {
  const steps = new Map<string, number>([["0", 0]]);
  shown.forEach(({ atMs }, n) => {
    if (n >= rows) steps.set(((100 * atMs) / totalMs).toFixed(2), n + 1 - rows);
  });
  return Array.from(
    steps,
    ([percent, up]) => `${percent}%{transform:translateY(${-up * lineHeight}px)}`,
  ).join("");
}

/** Text with the few codes that `util.styleText` writes, as tspans. */
function spans(text: string): string {
  const styles = new Set<string>();
  let drawnLetters = 0;
  let out = "";
  // eslint-disable-next-line no-control-regex -- the escape character is what it looks for
  for (const part of text.split(/(\u001b\[\d+m)/)) {
    // eslint-disable-next-line no-control-regex -- as above
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
    if (code !== undefined) {
      restyle(styles, Number(code));
      continue;
    }
    const letters = Array.from(part).slice(0, Math.max(0, columns - drawnLetters));
    drawnLetters += letters.length;
    if (letters.length === 0) continue;
    const escaped = letters
      .join("")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(" ", "\u00a0");
    out += styles.size === 0 ? escaped : `<tspan class="${[...styles].join(" ")}">${escaped}</tspan>`;
  }
  return out;
}

function restyle(styles: Set<string>, code: number): void {
  if (code === 1) styles.add("b");
  else if (code === 2) styles.add("d");
  else if (code === 22) ["b", "d"].forEach((style) => styles.delete(style));
  else if (code === 39)
    [...styles].filter((style) => style.startsWith("c")).forEach((style) => styles.delete(style));
  else if (code === 0) styles.clear();
  else styles.add(`c${code}`);
}
