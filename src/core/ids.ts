import * as z from "zod";

/**
 * `T-` and the day it was made, then five random letters or digits. There are 32^5 of them a day, so two writers seldom
 * draw the same one; but they can, and whoever makes a task looks whether its id is taken.
 */
export const TaskId = z
  .string()
  .regex(
    /^T-2\d{3}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])-[0-9a-z]{5}$/,
    "a task id looks like T-20261121-7k3qx",
  )
  .brand<"TaskId">();
export type TaskId = z.infer<typeof TaskId>;

/** The name of a node, worker or main; it becomes part of a ref and of paths, hence the narrow alphabet. */
export const NodeName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    "a node name is lower-case letters, digits and hyphens, begins with a letter and has at most 40 characters",
  )
  .brand<"NodeName">();
export type NodeName = z.infer<typeof NodeName>;

/** Names one lease, once. Whoever knows the token of the current lease may end the attempt. */
export const Token = z
  .string()
  .regex(/^[0-9a-f]{8,32}$/, "a token is 8 to 32 hexadecimal digits")
  .brand<"Token">();
export type Token = z.infer<typeof Token>;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** @param random a source of chance in [0, 1), called five times */
export function newTaskId(today: Date, random: () => number): TaskId {
  const day = today.toISOString().slice(0, 10).replaceAll("-", "");
  const tail = Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
  return TaskId.parse(`T-${day}-${tail}`);
}

/** @param random a source of chance in [0, 1), called 16 times */
export function newToken(random: () => number): Token {
  return Token.parse(Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join(""));
}
