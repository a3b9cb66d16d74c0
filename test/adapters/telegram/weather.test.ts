import { inspect } from "node:util";

import { expect, test } from "vitest";

import { telegramChannel } from "../../../src/adapters/telegram/telegram-channel.ts";
import { Random } from "../../support/random.ts";
import { aTelegramParcel } from "../../support/telegram-parcels.ts";
import { troubles } from "../../support/telegram-server/faults.ts";
import { startTelegram } from "../../support/telegram-server/server.ts";

const owner = 4242;

const faults = [
  troubles.cutBefore,
  troubles.cutAfter,
  troubles.hangBefore,
  troubles.hangAfter,
  troubles.badGateway,
  troubles.badGatewayAfter,
  troubles.internal,
  troubles.unauthorized,
  troubles.blocked,
  troubles.badEntities,
  troubles.tooMany(1),
];

test.each([1, 2, 3, 4])(
  "what a Telegram chat says of a send is true in any weather, and it never sends twice by itself: seed %i",
  { timeout: 60_000 },
  async (seed) => {
    await using telegram = await startTelegram();
    telegram.people.start(owner);
    const random = new Random(seed * 7919);
    telegram.faults.weather({ chance: () => random.next(), probability: 0.5, faults });
    const channel = telegramChannel({
      apiRoot: telegram.apiRoot,
      token: telegram.token,
      timeoutSeconds: 0.2,
      chat: String(owner),
      sign: () => "a1",
    });
    const endings: unknown[] = [];
    for (let n = 0; n < 60; n++) {
      const text = `message ${n}`;
      const ended = await channel.send(aTelegramParcel({ text }));
      endings.push(ended);
      const shown = telegram.people.sees(owner).filter((message) => message.text === text).length;
      const possible = ended.kind === "sent" ? [1] : ended.kind === "unknown" ? [0, 1] : [0];
      expect(possible, `${text} ended ${ended.kind}`).toContain(shown);
    }
    const texts = telegram.people.sees(owner).map((message) => message.text);
    expect(texts).toEqual([...new Set(texts)]);
    expect(telegram.complaints).toEqual([]);
    expect(inspect(endings, { depth: 9 })).not.toContain("must_never-appear");
  },
);
