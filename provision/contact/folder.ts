/** Root's alone, gone with the next boot. Not below /run/pawl, which a unit of that name could come to own. */
export const runFolder = "/run/pawl-provision";
