/** The next random number in [0, 1). */
export type Chance = () => number;
