/** For so long what is over still counts as a change: deciding anew may take a few tries when the remote is unwell. */
export const lingersMs = 5 * 60_000;
