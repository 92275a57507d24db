import type { Language } from "./generic-language.ts";

export const english: Language = {
  common: "the|your|you|has|was|of|this|been|at|on|is|to",
  signs: {
    purchase:
      "purchase|purchases|spent|charged|charge of|a charge|large charge|card transaction|transaction of|transaction was made|transaction with|transaction at|transaction for|transaction in the amount|transaction alert|transaction notification|new transaction|an authorization|authorization for|upi payment|qr payment|card was used|card has been used|used for|you paid|paid to|payment to|debited from your card|debited from|was debited|is debited|direct debit|has been debited|card transaction|transaction exceeds|debit card alert|merchant name|merchant",
    withdrawal: "atm withdrawal|cash withdrawal|a withdrawal|atm|withdrew|withdrawn|cash advance of|a cash advance",
    refund:
      "refund*|revers*|has been credited|was credited|we've credited|credited your|credited to your|credit was|received a credit|credit of|merchant credit|returned|chargeback|voided",
    declined:
      "declin*|denied|reject*|unsuccessful*|failed|attempted|attempt|blocked|on hold|insufficient|stopped|not approved|not completed|not processed|not successful|could not|couldn't|unable to|not authorized|not authorised|cancelled|canceled|cancellation|suspicious|unusual",
    transfer: "transfer*|zelle|you sent|sent you|e-transfer|wire|neft|imps|rtgs|ach|paynow|standing order",
    card_payment:
      "payment received|received your payment|received a payment|your payment|payment due|card payment|bill payment|bill paid|autopay|minimum payment|made a payment|payment made to|payment posted|payment confirmation|payment of your|thank you for your payment|payment towards|payment was received|has been received|was received|epay|crd pmt",
    deposit: "deposit*|paid you|money in|payroll|salary|you received|credited with|cashback of|cash back of",
    fee: "annual fee|late fee|service charge|interest charge",
    pending: "pending|authoriz*|preauthoriz*|pre-authoriz*|hold",
    offer:
      "one-time|otp|passcode|verification|security code|code is|password|sign-in|signed in|new device|statement|account summary|daily summary|weekly summary|monthly summary|summary for|snapshot|rundown|low balance|balance alert|balance is below|due|reminder|scheduled|upcoming|will be|offer|offers|earn|bonus|discount|coupon|save|sale|off your|pre-approved|preapproved|apply|your order|order number|order confirmation|shipped|shipping|tracking|invoice|subtotal|receipt from|to approve|disputed|verify a transaction|is this you|was released|delivery|subscription|trial|credit limit increase|last five|recent transactions|win",
  },
  otherAmount:
    "balance*|limit|limits|available|more than|above|over|exceed*|threshold|minimum|due|tax|fee|fees|at least|less than|below|under|reward*|tip|set|level|notification amount|alert amount|cash back|cashback|points|save|earn",
  labels: {
    amount:
      "amount|transaction amount|purchase amount|total|total amount|amount charged|amount spent|amount paid|charge amount|debit amount|withdrawal amount",
    merchant: "merchant|merchant name|merchant detail|merchant details|where|store|shop|vendor|purchase location",
    payee:
      "description|to|paid to|payment to|payee|transaction details|transaction description|details|info|transaction info|location|at|debit card purchase|card purchase|purchase",
    when: "date|transaction date|purchase date|date of transaction|date of purchase|date & time|date and time|made on|transaction date & time|transaction date and time|date/time|transaction date/time|authorized on|posted on",
    currency: "currency|transaction currency",
    status: "status|transaction status|type|transaction type|payment status|result|transaction",
    other:
      "account|account ending in|card|card number|card ending in|credit card|debit card|time|transaction time|from|reference|reference number|transaction id|authorization|approval code|memo|note|category|available balance|balance|available credit|credit limit|sent on|recipient|payment method|subtotal|tax|tip|order id|cardholder name|location of purchase|view accounts",
  },
  beforeMerchant: ["at", "towards|info:", "with|to|by", "in|from|paid", "on"],
  behindMerchant:
    "not|on your|on account|on card|on the|was|has|have|is|with your|with card|using|via|from your|for|in the amount|exceed*|exceeded|above|over|through|if|this|your|ref|as of|against|from account|ending",
  merchantDid: "charged your|has charged|charged you",
  noName: "your|the|a|an|any|this|our|you|account|card|my|its|all|least|no|credit|debit|which|where|visa|mastercard",
  conditionalStart:
    "if|didn't|did|not you|wasn't|was this|don't|do not|to|please|for|when|learn|how|unless|should|call|whenever|log in|sign in|contact|never|we'll never|we will never|you're receiving|you are receiving|you received this|note|need|view|see|visit|manage|review",
  conditional: "may|might|can|could|never",
};
