import { stripVTControlCharacters } from "node:util";

import { describe, expect, test } from "vitest";

import { consoleChannel } from "../../../src/adapters/channels/console.ts";
import { aPageParcel } from "../../support/parcels.ts";

function aScreen(isTerminal: boolean) {
  const screen = {
    said: "",
    isTerminal,
    write: (text: string) => void (screen.said += text),
    written: () => Promise.resolve(),
  };
  return screen;
}

describe("the screen", () => {
  test("shows which channel would have got what", async () => {
    const screen = aScreen(false);
    const channel = consoleChannel({ name: "#alerts", screen });
    const sent = await channel.send(aPageParcel("one", "## Gmail is **down**\n"));
    expect(sent).toEqual({ kind: "sent", place: { console: "#alerts" } });
    expect(screen.said).toBe("#alerts\n## Gmail is **down**\n\n");
  });

  test("shows newer words below the old ones", async () => {
    const screen = aScreen(false);
    const channel = consoleChannel({ name: "#alerts", screen });
    await channel.edit({ console: "#alerts" }, aPageParcel("one", "Up again"));
    expect(screen.said).toBe("#alerts (changed)\nUp again\n\n");
  });

  test("has colours on a terminal only", async () => {
    const screen = aScreen(true);
    await consoleChannel({ name: "#alerts", screen }).send(
      aPageParcel("one", "## Gmail\n> quoted\nis **down**"),
    );
    expect(screen.said).not.toBe(stripVTControlCharacters(screen.said));
    expect(stripVTControlCharacters(screen.said)).toBe("#alerts\nGmail\n> quoted\nis down\n\n");
  });

  test("lets no text move the cursor or turn the writing around", async () => {
    const screen = aScreen(false);
    const nasty = "a\u001b[2Jb\u009b1mc\u202ed\r\u0007\te";
    await consoleChannel({ name: "#alerts", screen }).send(aPageParcel("one", nasty));
    expect(screen.said).toBe("#alerts\na[2Jb1mcd\te\n\n");
  });

  test("is a dead end when nobody reads it", async () => {
    const screen = { ...aScreen(false), written: () => Promise.reject(new Error("EPIPE")) };
    const sending = await consoleChannel({ name: "#alerts", screen }).send(aPageParcel("one", "x"));
    expect(sending).toMatchObject({ kind: "dead", code: "SCREEN_GONE" });
  });
});
