import { ApplicationCommandOptionType, ApplicationCommandType } from "discord-api-types/v10";

type Option = {
  type: ApplicationCommandOptionType.String;
  name: string;
  description: string;
  required: true;
  max_length?: number;
};

export type SlashCommand = {
  type: ApplicationCommandType.ChatInput;
  name: string;
  description: string;
  options: readonly Option[];
  /** None: shown to administrators, and to whom they give it. Who is listened to is decided by us all the same. */
  default_member_permissions: "0";
};

/** What may be typed. Each takes one argument at most, which is handed on as it is. */
export const slashCommands: readonly SlashCommand[] = [
  command("queue", "Tasks that wait or run"),
  command("show", "All about one task", { name: "task", description: "Its id, or the end of it" }),
  command("workers", "Who works, and how they are"),
  command("why", "Why an event came to you, or did not", {
    name: "event",
    description: "Its id, as cards show it",
  }),
  command("submit", "Give the workers a task", {
    name: "prompt",
    description: "What is to be done",
    max_length: 4000,
  }),
];

function command(
  name: string,
  description: string,
  option?: Omit<Option, "type" | "required">,
): SlashCommand {
  const options = option
    ? [{ type: ApplicationCommandOptionType.String, required: true, ...option } as const]
    : [];
  return {
    type: ApplicationCommandType.ChatInput,
    name,
    description,
    options,
    default_member_permissions: "0",
  };
}
