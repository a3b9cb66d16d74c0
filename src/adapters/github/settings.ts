import { Fault } from "../../fault.ts";

/** A token as a header can carry it. */
export function checkedToken(token: string): string {
  const trimmed = token.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw new Fault(
    "GH_TOKEN",
    "GITHUB_TOKEN is not a token: it is empty, or has characters that no token has",
    {
      hint: "Copy it again; GitHub shows it once, when it is made.",
    },
  );
}

/** The address of the API: the token travels there, so it is encrypted unless it stays on this machine. */
export function checkedRoot(apiUrl = "https://api.github.com"): string {
  const url = URL.parse(apiUrl);
  const isHere = url !== null && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isHere);
  if (url !== null && isSafe && url.username === "" && url.search === "" && url.hash === "") {
    return url.href.replace(/\/+$/, "");
  }
  throw new Fault("CONFIG_INVALID", "GITHUB_API_URL is no address that a token may be sent to", {
    hint: "It begins with https://, as https://github.example.org/api/v3, and holds no password. Without it, it is GitHub's own.",
  });
}
