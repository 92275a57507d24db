import type { Language } from "./generic-language.ts";

export const portuguese: Language = {
  common: "o|os|seu|sua|com|uma|foi|voce|em|nao|no|na|do|da",
  signs: {
    purchase:
      "compra|compras|gastou|pagou|debito de|cobranca|transacao|estabelecimento|voce comprou|usou o cartao|pagamento em",
    withdrawal: "saque|sacou|levantamento|caixa eletronico|multibanco",
    refund: "estorn*|anul*|reembols*|devol*|creditad*|credito de",
    declined:
      "recusad*|negad*|nao autorizad*|nao aprovad*|nao foi|nao realizad*|nao concluid*|bloquead*|bloqueio|tentativa|insuficiente|cancelad*|cancelamento|falhou|suspeit*",
    transfer: "transfer*|pix|enviou",
    card_payment:
      "pagamento recebido|recebemos seu pagamento|pagamento da fatura|pagamento do cartao|pagamento minimo|seu pagamento|boleto",
    deposit: "deposit*|recebeu|salario|entrada",
    fee: "anuidade|tarifa|juros",
    pending: "pendente|pre-autoriz*|autoriza*",
    offer:
      "codigo de verificacao|codigo de seguranca|seu codigo|senha|token|novo dispositivo|fatura|extrato|resumo|saldo|vence|vencimento|lembrete|agendad*|oferta*|promoc*|desconto*|ganhe|sorteio|pontos|aproveite|pre-aprovad*|seu pedido|pedido|entrega|sera cobrad*|assinatura",
  },
  otherAmount:
    "saldo|disponivel|limite|mais de|acima de|superior*|minimo|imposto*|tarifa|pontos|a partir de|desconto|ganhe|menos de|gorjeta",
  labels: {
    amount: "valor|valor da compra|montante|valor total|total|valor da transacao|quantia",
    merchant: "estabelecimento|loja|comerciante|local|nome do estabelecimento|lojista",
    payee: "descricao|favorecido|destino",
    when: "data|data da compra|data e hora|data da transacao|data/hora",
    currency: "moeda",
    status: "situacao|tipo|tipo de transacao|estado|status",
    other:
      "cartao|conta|hora|referencia|autorizacao|codigo de autorizacao|parcelas|saldo disponivel|limite disponivel|cidade|numero do cartao",
  },
  beforeMerchant: ["em|no|na", "para|a favor de"],
  behindMerchant:
    "nao|com o|com seu|com cartao|com a|no seu|no cartao|no valor|no dia|dia|foi|usando|pelo|as|por|em|no|se|cartao|final",
  merchantDid: "cobrou",
  noName: "seu|sua|o|a|os|as|um|uma|cartao|conta|valor|dia|credito|debito|caso|nosso|nossa|parcelas|total",
  conditionalStart:
    "se voce|se nao|se o|se a|se for|se houver|se este|se esta|se tiver|caso|para|por favor|em caso|quando|nunca|nao compartilhe|acesse|consulte|ligue|lembre",
  conditional: "pode|podem|poderia|nunca",
};
