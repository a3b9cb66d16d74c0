import type { CloudAccount } from "../cloud/account.ts";
import type { Answer, Asked, Operations } from "../openapi/mock.ts";
import { refusals } from "./refusals.ts";
import { actionView, page } from "./views.ts";

type Applied = { type: "label_selector"; label_selector: { selector: string } };
type Firewall = { id: number; name: string; rules: object[]; applied_to: Applied[] };

export function firewallOperations(account: CloudAccount): Operations {
  const firewalls = new Map<number, Firewall>();
  const done = (command: string, id: number): Answer => ({
    status: 201,
    body: { actions: [actionView(account, command, id)] },
  });

  function change(command: string, how: (firewall: Firewall, body: Asked["body"]) => void) {
    return ({ path, body }: Asked): Answer => {
      const found = firewalls.get(Number(path["id"]));
      if (!found) return refusals.notFound;
      how(found, body);
      return done(command, found.id);
    };
  }

  return {
    "GET /firewalls": (asked) => {
      const name = asked.query.get("name");
      const found = [...firewalls.values()].filter((one) => name === null || one.name === name);
      return page("firewalls", found, asked);
    },
    "POST /firewalls": ({ body }) => {
      const { name, rules = [], apply_to: applied_to = [] } = body;
      const made = { id: account.nextId(), name, rules, applied_to, labels: {}, created: account.nextTime() };
      firewalls.set(made.id, made);
      return { status: 201, body: { firewall: made, actions: [actionView(account, "set_rules", made.id)] } };
    },
    "DELETE /firewalls/{id}": ({ path }) => {
      const found = firewalls.get(Number(path["id"]));
      if (!found) return refusals.notFound;
      if (found.applied_to.length > 0) return refusals.inUse;
      firewalls.delete(found.id);
      return { status: 204 };
    },
    "POST /firewalls/{id}/actions/set_rules": change("set_rules", (firewall, { rules }) => {
      firewall.rules = rules;
    }),
    "POST /firewalls/{id}/actions/apply_to_resources": change("apply_firewall", (firewall, { apply_to }) => {
      firewall.applied_to.push(...apply_to);
    }),
    "POST /firewalls/{id}/actions/remove_from_resources": change(
      "remove_firewall",
      (firewall, { remove_from }) => {
        const removed = new Set(remove_from.map((one: Applied) => one.label_selector.selector));
        firewall.applied_to = firewall.applied_to.filter(
          ({ label_selector: { selector } }) => !removed.has(selector),
        );
      },
    ),
  };
}
