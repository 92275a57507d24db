import type { Language } from "./generic-language.ts";

export const spanish: Language = {
  common: "el|los|su|tu|con|una|por|que|se|en|las|del|fue",
  signs: {
    purchase:
      "compra|compraste|compras|consumo|consumiste|cargo|cargo a|gastaste|pagaste|pago en|realizo una compra|transaccion|comercio|utilizar su|uso su tarjeta|compro",
    withdrawal: "retiro|retiraste|giro|disposicion de efectivo|avance|cajero automatico|cajero|efectivo",
    refund: "reembols*|devol*|reversad*|reverso|reversion|reversa*|abono|abonad*|acredit*|anul*|extorn*|bonificacion",
    declined:
      "rechaz*|declinad*|denegad*|negad*|no fue|no exitos*|no se realizo|no se pudo|no pudo|no autorizad*|no aprobad*|no se completo|no procesad*|fallid*|bloquead*|bloqueo|intento|insuficiente*|cancelad*|cancelacion|sospechos*|inusual",
    transfer: "transfer*|transferencia*|spei|enviaste|envio de dinero|zelle|domiciliacion|traspaso|clabe",
    card_payment:
      "pago de tarjeta|pago de tu tarjeta|pago de su tarjeta|pago a tu tarjeta|en la tarjeta de credito|pago recibido|recibimos tu pago|recibimos su pago|pago realizado|pago de servicio*|pago minimo|pago a tarjeta|tu pago de|tu pago a|su pago de|recarga",
    deposit: "deposit*|recibiste|recibio|consignacion|te envio|le envio|nomina|ingreso",
    fee: "cobro de comision|cargo por comision|cuota de manejo|anualidad|intereses",
    pending: "pendiente|preautoriz*|retenid*|autoriz*",
    offer:
      "codigo de verificacion|codigo de seguridad|codigo de acceso|tu codigo|su codigo|clave|contrasena|token|inicio de sesion|nuevo dispositivo|inicia sesion|estado de cuenta|resumen|extracto|saldo|vence|vencimiento|recordatorio|programad*|proximo|oferta*|promocion*|descuento*|gana|sorteo|puntos|aprovecha|solicita|preaprobad*|tu pedido|su pedido|factura|envio gratis|sera cargad*|se cobrara|suscripcion|ultimos movimientos",
  },
  otherAmount:
    "saldo|disponible|cupo|limite|mas de|superior*|mayor*|supera|minimo|impuesto*|comision|puntos|a partir de|iva|propina|descuento|gana|ahorra|menos de",
  labels: {
    amount:
      "monto|importe|valor|monto de la compra|monto del consumo|total del consumo|total retirado|monto retirado|monto total|total|importe total|monto de la transaccion|valor de la compra|valor de la transaccion|monto de transaccion|monto transaccion",
    merchant:
      "comercio|establecimiento|nombre del comercio|lugar|empresa|negocio|tienda|cajero automatico|cajero|comercio/establecimiento",
    payee: "descripcion|concepto|operacion|detalle|beneficiario|destino",
    when: "fecha|fecha de transaccion|fecha de la transaccion|fecha y hora|fecha de compra|fecha de la compra|fecha de consumo|fecha y hora de la operacion|fecha de operacion|fecha transaccion|fecha/hora|dia|fecha y hora de la transaccion",
    currency: "moneda",
    status:
      "estado|estatus|tipo|tipo de transaccion|tipo de operacion|operacion realizada|transaccion|resultado|tipo de compra",
    other:
      "tarjeta|cuenta|hora|referencia|no.referencia|no. referencia|autorizacion|numero de aprobacion|numero de autorizacion|numero de tarjeta de debito|numero de tarjeta de credito|numero de tarjeta|origen|cuenta destino|ciudad|pais|saldo|saldo disponible|cuotas|numero de operacion|canal de operacion|notas|codigo de autorizacion|impuestos|motivo",
  },
  beforeMerchant: ["en", "a favor de|al comercio", "a"],
  behindMerchant:
    "no|con tu|con su|con la|con tarjeta|con cargo|de tu|de su|desde|por|el|fue|ha sido|usando|mediante|a las|el dia|si|esta|asociad*|la compra|se|a traves",
  merchantDid: "te cobro|le cobro|cobro a",
  noName:
    "tu|su|la|el|los|las|un|una|tarjeta|cuenta|cuotas|linea|caso|este|esta|nuestro|nuestra|cualquier|proceso|efectivo|mi|total",
  conditionalStart:
    "si|en caso|para|por favor|recuerda|recuerde|no compartas|no responda|no respondas|cuando|este correo|ingresa|ingrese|consulta|llama|comuniquese|si no|nunca|notas|duda|conoce",
  conditional: "puede|pueden|puedes|podria|podrian|nunca|en ningun caso",
};
