import type { FaultCode } from "../../fault.ts";
import type { Refusal } from "./outcome.ts";

/** What differs from one provider to another in words and in the meaning of a refusal. */
export type Manners = {
  /** Its name, for people. */
  provider: string;
  tokenVariable: string;
  rootVariable: string;
  tokenPage: string;
  limitPage: string;
  statusPage: string;
  /** What the token has to be allowed, in the provider's own words. */
  scopes: string;
  /** What a refusal means that its status alone does not tell. */
  codeOf(refusal: Refusal): FaultCode | undefined;
};
