/** Histories that once broke a promise. What a seed means changes with the simulator, so each bug has a test as well. */
export const foundSeeds: { seed: number; what: string }[] = [];
