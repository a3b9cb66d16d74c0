/** What was seen and, unless all is well, what to do about it. */
export type Finding = {
  about: string;
  level: "ok" | "warn" | "bad";
  seen: string;
  todo?: string | undefined;
};

export function ok(about: string, seen: string): Finding {
  return { about, level: "ok", seen };
}

export function warn(about: string, seen: string, todo: string): Finding {
  return { about, level: "warn", seen, todo };
}

export function bad(about: string, seen: string, todo: string): Finding {
  return { about, level: "bad", seen, todo };
}
