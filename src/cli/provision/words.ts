import type { Price } from "../../ports/server-provider.ts";

const signs = { USD: "$", EUR: "€" } as const;

/** `$12.00 a month ($0.01786 an hour)`. */
export function priceText({ monthly, hourly, currency }: Price): string {
  const sign = signs[currency];
  return `${sign}${monthly.toFixed(2)} a month (${sign}${Number(hourly.toPrecision(4))} an hour)`;
}

/** `0.4 s`, `59.9 s`, `3m12s`: how long something took. */
export function tookText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}m${whole % 60}s`;
}
