import type { Price } from "../src/ports/server-provider.ts";

const signs = { USD: "$", EUR: "€" } as const;

/** `$12/month ($0.01786/h)`. */
export function priceText({ monthly, hourly, currency }: Price): string {
  return `${money(monthly, currency)}/month (${money(hourly, currency)}/h)`;
}

/** As many digits as it takes: prices by the hour are fractions of a cent. */
export function money(amount: number, currency: Price["currency"]): string {
  return `${signs[currency]}${Number(amount.toFixed(5))}`;
}
