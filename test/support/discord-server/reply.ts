/** What Discord says no with: a status, its own code, and words. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: readonly string[];

  constructor(status: number, code: number, message: string, errors: readonly string[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  body(): object {
    const { message, code, errors } = this;
    if (errors.length === 0) return { message, code };
    return {
      message,
      code,
      errors: { body: { _errors: errors.map((what) => ({ code: "INVALID", message: what })) } },
    };
  }
}

export const unauthorized = () => new Refusal(401, 0, "401: Unauthorized");
export const notFound = () => new Refusal(404, 0, "404: Not Found");
export const unknownChannel = () => new Refusal(404, 10003, "Unknown Channel");
export const unknownGuild = () => new Refusal(404, 10004, "Unknown Guild");
export const unknownMessage = () => new Refusal(404, 10008, "Unknown Message");
export const unknownWebhook = () => new Refusal(404, 10015, "Unknown Webhook");
export const missingAccess = () => new Refusal(403, 50001, "Missing Access");
export const missingPermissions = () => new Refusal(403, 50013, "Missing Permissions");
export const emptyMessage = () => new Refusal(400, 50006, "Cannot send an empty message");
export const notYours = () => new Refusal(403, 50005, "Cannot edit a message authored by another user");
export const archivedThread = () => new Refusal(400, 50083, "Thread is archived");
export const threadExists = () =>
  new Refusal(400, 160004, "A thread has already been created for this message");
export const invalidBody = (errors: readonly string[]) =>
  new Refusal(400, 50035, "Invalid Form Body", errors);
