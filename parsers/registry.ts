import { amex } from "./amex/amex.ts";
import { axis } from "./axis/axis.ts";
import { bankOfAmerica } from "./bank-of-america/bank-of-america.ts";
import { capitalOne } from "./capital-one/capital-one.ts";
import { chase } from "./chase/chase.ts";
import { citi } from "./citi/citi.ts";
import { discover } from "./discover/discover.ts";
import { hdfc } from "./hdfc/hdfc.ts";
import { icici } from "./icici/icici.ts";
import { kotak } from "./kotak/kotak.ts";
import { rbc } from "./rbc/rbc.ts";
import { scotiabank } from "./scotiabank/scotiabank.ts";
import { bmo } from "./bmo/bmo.ts";
import { tangerine } from "./tangerine/tangerine.ts";
import { interac } from "./interac/interac.ts";
import { bancoPopularDo } from "./banco-popular-do/banco-popular-do.ts";
import { banreservas } from "./banreservas/banreservas.ts";
import { bcrCostaRica } from "./bcr-costa-rica/bcr-costa-rica.ts";
import { dbs } from "./dbs/dbs.ts";
import { uob } from "./uob/uob.ts";
import { citiSg } from "./citi-sg/citi-sg.ts";
import { ocbc } from "./ocbc/ocbc.ts";
import { paypayBank } from "./paypay-bank/paypay-bank.ts";
import { smbcCard } from "./smbc-card/smbc-card.ts";
import { rakutenCard } from "./rakuten-card/rakuten-card.ts";
import { jcb } from "./jcb/jcb.ts";
import { mufgDebit } from "./mufg-debit/mufg-debit.ts";
import { fidelity } from "./fidelity/fidelity.ts";
import { huntington } from "./huntington/huntington.ts";
import { navyFederal } from "./navy-federal/navy-federal.ts";
import { paypal } from "./paypal/paypal.ts";
import { pnc } from "./pnc/pnc.ts";
import { venmo } from "./venmo/venmo.ts";
import { bancolombia } from "./bancolombia/bancolombia.ts";
import { bancoDeChile } from "./banco-de-chile/banco-de-chile.ts";
import { bcpPeru } from "./bcp-peru/bcp-peru.ts";
import { yape } from "./yape/yape.ts";
import { banorte } from "./banorte/banorte.ts";
import { bacCostaRica } from "./bac-costa-rica/bac-costa-rica.ts";
import { promerica } from "./promerica/promerica.ts";
import { nuMexico } from "./nu-mexico/nu-mexico.ts";
import { heyBanco } from "./hey-banco/hey-banco.ts";
import { rappicard } from "./rappicard/rappicard.ts";
import { produbanco } from "./produbanco/produbanco.ts";
import { mashreq } from "./mashreq/mashreq.ts";
import type { Parser } from "./parser.ts";
import { sbiCard } from "./sbi-card/sbi-card.ts";
import { schwab } from "./schwab/schwab.ts";
import { usBank } from "./us-bank/us-bank.ts";
import { usaa } from "./usaa/usaa.ts";
import { wellsFargo } from "./wells-fargo/wells-fargo.ts";

/** Every institution that is understood, in the order in which lists show them. No two may claim one sender. */
export const parsers: readonly Parser[] = [
  chase,
  schwab,
  wellsFargo,
  bankOfAmerica,
  discover,
  amex,
  capitalOne,
  citi,
  usBank,
  usaa,
  axis,
  hdfc,
  icici,
  kotak,
  sbiCard,
  rbc,
  scotiabank,
  bmo,
  tangerine,
  interac,
  bancoPopularDo,
  banreservas,
  bcrCostaRica,
  dbs,
  uob,
  citiSg,
  ocbc,
  paypayBank,
  smbcCard,
  rakutenCard,
  jcb,
  mufgDebit,
  navyFederal,
  fidelity,
  huntington,
  pnc,
  venmo,
  paypal,
  bancolombia,
  bancoDeChile,
  bcpPeru,
  yape,
  banorte,
  bacCostaRica,
  promerica,
  nuMexico,
  heyBanco,
  rappicard,
  produbanco,
  mashreq,
];

const bySender: ReadonlyMap<string, Parser> = new Map(
  parsers.flatMap((parser) => parser.senders.map((sender) => [sender, parser] as const)),
);

/**
 * The parser for mail from that address (bare, lower case), or null. Only exact addresses count: institutions advertise
 * from domains close to the one that alerts come from, and forgers from closer ones.
 */
export function parserFor(from: string): Parser | null {
  return bySender.get(from) ?? null;
}
