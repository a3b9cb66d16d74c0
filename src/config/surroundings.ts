/** What the configuration depends on besides its file. */
export type Surroundings = {
  cwd: string;
  home: string;
  hostname: string;
  env: Readonly<Record<string, string | undefined>>;
};
