import type { Offer } from "../../src/ports/server-provider.ts";
import { priceText } from "../price-text.ts";
import type { Target } from "../wanted.ts";

type InCloud = Extract<Target, { kind: "cloud" }>;

/** What could be ordered instead, for people: nothing is ever chosen for them. */
export function alternatives(offers: readonly Offer[], { size, region }: InCloud): string {
  const regionsOfSize = offers.filter((offer) => offer.size === size).flatMap((offer) => offer.regions);
  const elsewhere =
    regionsOfSize.length > 0
      ? `${size} is to be had in ${regionsNear(region, regionsOfSize).join(", ")} (--region). `
      : "";
  const here = nearestOffers(offers, { size, region });
  if (here.length === 0) {
    const regions = [...new Set(offers.flatMap((offer) => offer.regions))].toSorted();
    return `${elsewhere}Nothing is to be had in ${JSON.stringify(region)}; regions with servers: ${regions.join(", ")}.`;
  }
  const listed = here
    .map((offer) => `${offer.size}, ${offer.memoryMb} MB, ${priceText(offer.price)}`)
    .join("; ");
  return `${elsewhere}In ${region} there are (--size): ${listed}.`;
}

/** Those of the same place first, as nyc1 for nyc3. */
function regionsNear(region: string, regions: readonly string[]): string[] {
  const place = region.slice(0, 3);
  return regions.toSorted(
    (a, b) => Number(b.startsWith(place)) - Number(a.startsWith(place)) || a.localeCompare(b),
  );
}

/** Three by price: the nearest to what was asked for, or the cheapest where that has no price. */
function nearestOffers(
  offers: readonly Offer[],
  { size, region }: Pick<InCloud, "size" | "region">,
): Offer[] {
  const asked = offers.find((offer) => offer.size === size)?.price.monthly ?? 0;
  const far = ({ price }: Offer) => Math.abs(price.monthly - asked);
  return offers
    .filter((offer) => offer.regions.includes(region) && offer.memoryMb >= 1024)
    .toSorted((a, b) => far(a) - far(b) || a.size.localeCompare(b.size))
    .slice(0, 3)
    .toSorted((a, b) => a.price.monthly - b.price.monthly);
}
