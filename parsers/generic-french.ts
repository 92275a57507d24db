import type { Language } from "./generic-language.ts";

export const french: Language = {
  common: "le|les|votre|vous|avec|une|est|des|du|au|chez|ete|nous",
  signs: {
    purchase:
      "achat|achats|paiement de|prelevement|paiement par carte|depense|depense de|paye|debite|debit|paiement effectue|transaction de|transaction par carte|achat effectue|commercant|carte a ete utilisee",
    withdrawal: "retrait|distributeur|guichet|dab",
    refund: "rembours*|credite|annul*|avoir de|retourne*|contrepasse*",
    declined:
      "refus*|rejet*|n'a pas|n'est pas|n'ont pas|echou*|echec|bloqu*|tentative|insuffisant*|suspect*|inhabituel*|non autorise*",
    transfer: "virement*|interac|envoye",
    card_payment: "paiement recu|recu votre paiement|paiement de votre|votre paiement|paiement minimum|reglement",
    deposit: "depot*|recu|salaire|versement",
    fee: "frais de|cotisation|interets",
    pending: "en attente|preautoris*|pre-autoris*|autoris*",
    offer:
      "code de securite|code de verification|votre code|code d'acces|mot de passe|nouvel appareil|releve|resume|solde|echeance|rappel|programme*|offre*|promotion*|remise|reduction|gagnez|points|profitez|votre commande|commande|livraison|facture|sera debite*|sera preleve*|abonnement|prochain*",
  },
  otherAmount:
    "solde|disponible|plafond|limite|plus de|superieur*|depass*|minimum|taxe*|frais|points|a partir de|etat actuel|moins de|pourboire|gagnez",
  labels: {
    amount: "montant|montant de l'achat|montant total|total|montant de la transaction|montant du paiement|somme",
    merchant: "commercant|marchand|magasin|nom du commercant|lieu|enseigne|etablissement",
    payee: "description|libelle|beneficiaire|destinataire",
    when: "date|date de l'achat|date de la transaction|date et heure|date du paiement|date d'achat|date de l'operation",
    currency: "devise",
    status: "statut|type|type de transaction|etat",
    other: "carte|compte|heure|reference|autorisation|numero de carte|solde|solde disponible|ville|categorie",
  },
  beforeMerchant: ["chez", "aupres de", "a"],
  behindMerchant:
    "n'a|n'est|ne|avec votre|avec la|par carte|sur votre|a ete|est|au moyen|via|pour|le|si|d'un montant|de votre|depuis|du compte",
  merchantDid: "a debite|vous a debite",
  noName: "votre|vos|le|la|les|un|une|l'etranger|compte|carte|notre|nous|vous|tout|partir|distance",
  conditionalStart:
    "si|en cas|pour|veuillez|lorsque|ne communiquez|ne repondez|consultez|appelez|connectez|jamais|attention",
  conditional: "peut|peuvent|pourrait|jamais",
};
