/** A rule of the machine's firewall that concerns what comes in. */
export type Rule = {
  /** `allow`, `limit`, `deny`, `reject` */
  verb: string;
  /** As ufw writes it: `22`, `80,443`, `6000:6007`, `any`. */
  port: string;
  proto: string;
  from: string;
  /** The application whose profile it was made of. */
  app?: string;
  /** The only interface that it is for. */
  on?: string;
  /** The only address of the machine that it is for. */
  to?: string;
};

const pattern =
  /^(?<verb>\w+) (?<port>\S+)\/(?<proto>\w+) from (?<from>\S+)(?: as (?<app>\S+))?(?: on (?<on>\S+))?(?: to (?<to>\S+))?$/;

/** Rules as the probe prints them: `allow 22/tcp from 0.0.0.0/0 as OpenSSH`. */
export function readRule(text: string): Rule | undefined {
  const { verb, port, proto, from, app, on, to } = pattern.exec(text)?.groups ?? {};
  if (verb === undefined || port === undefined || proto === undefined || from === undefined) return undefined;
  return { verb, port, proto, from, ...(app && { app }), ...(on && { on }), ...(to && { to }) };
}

export function ruleText({ port, proto, from, on, to }: Rule): string {
  const source = from === "0.0.0.0/0" || from === "::/0" ? "" : ` from ${from}`;
  return `${port}/${proto}${source}${on === undefined ? "" : ` on ${on}`}${to === undefined ? "" : ` to ${to}`}`;
}

/** Whether it speaks of this port, alone or with others. */
export function isAbout({ port, proto }: Rule, asked: number, protocol = "tcp"): boolean {
  if (proto !== protocol && proto !== "any") return false;
  return port === "any" || port.split(",").some((part) => isWithin(asked, part));
}

function isWithin(port: number, part: string): boolean {
  const [first, last = first] = part.split(":").map(Number);
  return first !== undefined && last !== undefined && first <= port && port <= last;
}

/** Whether it is about one port and nothing else, whichever way the connection comes: such a one we make, and take away. */
export function isPlain({ on, to, port }: Rule): boolean {
  return on === undefined && to === undefined && /^\d+$/.test(port);
}
