import * as z from "zod";

import { ActionId } from "../../core/envelope.ts";
import { Fault } from "../../fault.ts";
import type { AgentTool } from "../../ports/agent-tool.ts";
import { fold } from "../../routing/deliveries/fold.ts";
import { newActionId } from "../../routing/new-id.ts";
import { questionAction } from "../../routing/question.ts";
import type { Cli } from "../cli.ts";
import { moment } from "../moment.ts";
import { answerTo } from "../routing/await-answer.ts";
import { readEnvelope } from "../routing/read-envelope.ts";
import { tool } from "./tool.ts";

export function askTools(cli: Cli): AgentTool[] {
  return [askOwner(cli), getAnswer(cli)];
}

function askOwner(cli: Cli): AgentTool {
  return tool({
    name: "ask_owner",
    description:
      "Asks the owner for a decision by phone, with buttons. Answers with an id at once; the owner may take hours. Use it before anything that costs money, cannot be undone or speaks for the owner.",
    input: z.object({
      question: z.string().min(1).max(200),
      details: z.string().max(20_000).optional().describe("Markdown: exactly what will be done on a yes"),
      options: z
        .array(z.string())
        .max(6)
        .optional()
        .describe("Answers other than Approve and Reject, each like o1=Acme"),
      wantsWords: z.boolean().default(false).describe("The answer is a text, not a button"),
      deadline: z.string().default("1d").describe("No answer by then means no: 4h, 2d"),
      risk: z.enum(["low", "high"]).default("low"),
    }),
    readOnly: false,
    async run({ question, details, options, wantsWords, deadline, risk }) {
      const { world } = cli;
      const until = moment(deadline, cli.now());
      const asked = { question, details, options, wantsWords, deadline: until, risk };
      const action = questionAction(newActionId(cli.now(), world.chance), asked);
      const category = `action.${action.kind}`;
      const about = { category, source: "agent", severity: "notice" };
      const envelope = await readEnvelope(
        world,
        question,
        details === undefined ? about : { ...about, body: details },
        { action },
      );
      const desk = await world.routing(await cli.config());
      await desk.ask({ kind: "event", envelope });
      return { action: action.id, deadline: until };
    },
  });
}

function getAnswer(cli: Cli): AgentTool {
  return tool({
    name: "get_answer",
    description: "What the owner answered to ask_owner, if anything yet. Silence is never a yes.",
    input: z.object({ action: z.string().describe("The id that ask_owner answered with") }),
    readOnly: true,
    async run({ action }) {
      const desk = await cli.world.routing(await cli.config());
      const id = ActionId.safeParse(action).data;
      if (id === undefined) throw unknown(action);
      const answer = await answerTo(desk, id);
      if (answer) return answer;
      if (!fold(await desk.entries()).questions.has(id)) throw unknown(action);
      return { kind: "open" };
    },
  });
}

function unknown(action: string): Fault {
  return new Fault("ACTION_NOT_FOUND", `Nobody asks ${action} yet`, {
    hint: "Main takes a new question in a moment, if it runs; `pawl inbox` lists what is open.",
  });
}
