/** How the whole stands, as main sees it. */
export type Standing = {
  at: string;
  nodes: readonly {
    name: string;
    role: "main" | "worker";
    state: string;
    well: boolean;
    running: number;
    slots: number | undefined;
    /** When it last gave a sign of life, by main's clock. */
    beat: string | undefined;
  }[];
  /** How many open tasks are in which state. */
  tasks: Readonly<Record<string, number>>;
};
