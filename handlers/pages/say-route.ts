/** What is wrong with the mails of a route, in words that go on after "mails from X that". */
const DOUBTS: Readonly<Record<string, string>> = {
  unsigned: "nobody signed",
  uncovered: "have a signature which leaves their subject, date or addresses open",
  expired: "have a signature which had expired",
  no_key: "have a signature which its maker no longer stands by",
  changed: "were changed after they were signed",
  unusable: "have a signature which can't be checked",
};

/**
 * The mails that a person trusts or could trust: "mails from alerts@chase.com that nobody signed".
 *
 * @param route as `originOf` in `access/origin.ts` names it: the sender, who forwards, what is in doubt, blanks between
 */
export function sayRoute(route: string): string {
  const [sender = "", ...more] = route.split(" ");
  const forwarder = more[0] === "forwarded-by" ? more[1] : undefined;
  const [doubt = "", about = ""] = forwarder === undefined ? more : more.slice(2);
  if (forwarder !== undefined) {
    const unsigned = doubt === "unproven" ? "" : ", without a signature";
    return `alerts from ${sender} that ${forwarder} forwards${unsigned}`;
  }
  if (doubt === "signed-by") return `mails from ${sender} that ${about} signed`;
  if (doubt === "to") {
    return `mails from ${sender} that were written to ${about === "nobody" ? "nobody in particular" : about}`;
  }
  return `mails from ${sender} that ${DOUBTS[doubt] ?? "are as doubtful as this one"}`;
}
