import type { Target } from "../../../provision/wanted.ts";

type Host = Extract<Target, { kind: "host" }>;
type Cloud = Extract<Target, { kind: "cloud" }>;

/** What was said of where the worker is to live; of a server in a cloud each part may be left open. */
export type Where =
  | Host
  | { kind: "cloud"; provider: Cloud["provider"] | undefined; region: Part; size: Part; image: Part };

type Part = string | undefined;

const usual: Record<Cloud["provider"], Omit<Cloud, "kind" | "provider">> = {
  digitalocean: { region: "nyc3", size: "s-1vcpu-2gb", image: "ubuntu-24-04-x64" },
  hetzner: { region: "nbg1", size: "cx23", image: "ubuntu-24.04" },
};

/**
 * Where the worker lives. What was not said is as it was when its machine was last met from here: who repairs a box at
 * home need not say again where it is, and gets no server in its place.
 */
export function targetFor(where: Where, known: Target | undefined): Target {
  if (where.kind === "host") return where;
  const { provider, region, size, image } = where;
  const isOpen = [provider, region, size, image].every((part) => part === undefined);
  if (isOpen && known !== undefined) return known;
  const before =
    known?.kind === "cloud" && known.provider === (provider ?? known.provider) ? known : undefined;
  const chosen = provider ?? before?.provider ?? "digitalocean";
  const parts = before ?? usual[chosen];
  return {
    kind: "cloud",
    provider: chosen,
    region: region ?? parts.region,
    size: size ?? parts.size,
    image: image ?? parts.image,
  };
}
