import type { Language } from "./generic-language.ts";

export const german: Language = {
  common: "der|die|das|ihr|ihre|mit|eine|wurde|und|bei|ist|von|ihrer",
  signs: {
    purchase:
      "kauf|einkauf|zahlung von|zahlung bei|kartenzahlung|bezahlt|belastung|lastschrift|belastet|umsatz|ausgegeben|karte wurde|transaktion|kartenumsatz|kartentransaktion|handler",
    withdrawal: "abhebung|bargeldbezug|geldautomat|bancomat|abgehoben|bargeld*",
    refund: "erstatt*|ruckerstatt*|gutschrift|gutgeschrieben|storn*|ruckbuchung|ruckzahlung",
    declined:
      "abgelehnt|ablehnung|verweigert|nicht genehmigt|nicht ausgefuhrt|nicht durchgefuhrt|nicht autorisiert|konnte nicht|wurde nicht|fehlgeschlagen|gesperrt|nicht moglich|versuch*|verdachtig*|unzureichend*|nicht erfolgreich",
    transfer: "uberweis*|dauerauftrag|umbuchung|gesendet",
    card_payment: "zahlung erhalten|zahlungseingang|ihre zahlung|kreditkartenabrechnung|mindestbetrag|rechnungsbetrag",
    deposit: "eingang|einzahlung|gehalt|erhalten|geldeingang",
    fee: "gebuhr|jahresgebuhr|zinsen",
    pending: "vorgemerkt|ausstehend|reserviert|reservierung|autoris*",
    offer:
      "ihr code|code lautet|sicherheitscode|freigabecode|ihre tan|tan lautet|passwort|kennwort|neues gerat|anmeldung|kontoauszug|abrechnung|zusammenfassung|kontostand|fallig*|erinnerung|geplant*|angebot*|rabatt*|gewinn*|punkte|sichern sie|ihre bestellung|bestellung|lieferung|rechnung|wird abgebucht|wird belastet|abonnement|gutschein*",
  },
  otherAmount:
    "saldo|kontostand|verfugbar*|limit|mehr als|hoher als|uberschr*|mindestens|gebuhr*|punkte|grenze|weniger als|trinkgeld|schwelle",
  labels: {
    amount: "betrag|gesamtbetrag|umsatz|zahlungsbetrag|summe|kaufbetrag",
    merchant: "handler|geschaft|ort|akzeptanzstelle|handlername|verkaufer",
    payee: "beschreibung|empfanger|verwendungszweck|buchungstext",
    when: "datum|buchungsdatum|kaufdatum|transaktionsdatum|datum und uhrzeit|zeitpunkt|umsatzdatum",
    currency: "wahrung",
    status: "status|art|buchungsart|transaktionsart",
    other: "karte|konto|uhrzeit|referenz|autorisierung|kartennummer|saldo|kategorie|verfugbarer betrag",
  },
  beforeMerchant: ["bei", "an", "in"],
  behindMerchant:
    "nicht|mit ihrer|mit der|mit karte|mit ihr|uber|wurde|ist|in hohe|am|um|von|vom|falls|getatigt|bezahlt|belastet|ausgefuhrt|durchgefuhrt|autorisiert|genehmigt",
  merchantDid: "hat ihre|hat ihr|hat ihrer",
  noName:
    "ihr|ihre|ihrer|ihrem|der|die|das|dem|den|einem|einer|konto|karte|fragen|ruckfragen|uns|verlust|verdacht|dieser",
  conditionalStart: "wenn|falls|sollten|bitte|um|bei fragen|fur|geben sie|niemals|haben sie|rufen|diese e-mail",
  conditional: "kann|konnen|konnte|konnten|niemals",
};
