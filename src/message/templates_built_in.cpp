#include "message/templates_built_in.hpp"

namespace postrider::message {
namespace {

// An apostrophe would have to be doubled (ICU MessageFormat); these texts do without. The link
// comes last and after a space, so that phones recognise it.
constexpr BuiltInText texts[] = {
    {"en", "confirmed", "Your order {order_id} is confirmed. Thank you!",
     "Your order {order_id} is confirmed. Thank you! Track it here: {link}",
     "Order {order_id} is confirmed"},
    {"en", "shipped", "Your order {order_id} is on its way.",
     "Your order {order_id} is on its way. Track it here: {link}",
     "Order {order_id} is on its way"},
    {"en", "delivered", "Your order {order_id} has been delivered. Thank you for shopping with us!",
     "", "Order {order_id} has been delivered"},
    {"en", "cancelled", "Your order {order_id} has been cancelled. Your refund will follow.", "",
     "Order {order_id} has been cancelled"},
    {"en", "other", "News about your order {order_id}: {status}.",
     "News about your order {order_id}: {status}. See {link}", "Order {order_id}: {status}"},

    {"de", "confirmed", "Ihre Bestellung {order_id} ist bestätigt. Vielen Dank!",
     "Ihre Bestellung {order_id} ist bestätigt. Vielen Dank! Verfolgen: {link}",
     "Bestellung {order_id} ist bestätigt"},
    {"de", "shipped", "Ihre Bestellung {order_id} ist unterwegs.",
     "Ihre Bestellung {order_id} ist unterwegs. Sendung verfolgen: {link}",
     "Bestellung {order_id} ist unterwegs"},
    {"de", "delivered", "Ihre Bestellung {order_id} wurde zugestellt. Danke für Ihren Einkauf!", "",
     "Bestellung {order_id} wurde zugestellt"},
    {"de", "cancelled",
     "Ihre Bestellung {order_id} wurde storniert. Die Rückerstattung folgt in Kürze.", "",
     "Bestellung {order_id} wurde storniert"},
    {"de", "other", "Neues zu Ihrer Bestellung {order_id}: {status}.",
     "Neues zu Ihrer Bestellung {order_id}: {status}. Mehr: {link}",
     "Bestellung {order_id}: {status}"},

    // GSM-7 has à é è ù, but no ê or ç.
    {"fr", "confirmed", "Votre commande {order_id} est confirmée. Merci !",
     "Votre commande {order_id} est confirmée. Merci ! Suivi : {link}",
     "Commande {order_id} confirmée"},
    {"fr", "shipped", "Votre commande {order_id} est en route.",
     "Votre commande {order_id} est en route. Suivi : {link}", "Commande {order_id} en route"},
    {"fr", "delivered", "Votre commande {order_id} a été livrée. Merci pour votre confiance !", "",
     "Commande {order_id} livrée"},
    {"fr", "cancelled", "Votre commande {order_id} est annulée. Le remboursement suivra.", "",
     "Commande {order_id} annulée"},
    {"fr", "other", "Du nouveau pour votre commande {order_id} : {status}.",
     "Du nouveau pour votre commande {order_id} : {status}. Voir {link}",
     "Commande {order_id} : {status}"},

    // GSM-7 has ñ é ¡ ¿, but no á í ó ú.
    {"es", "confirmed", "Tu pedido {order_id} queda confirmado. ¡Gracias!",
     "Tu pedido {order_id} queda confirmado. ¡Gracias! Seguimiento: {link}",
     "Pedido {order_id} confirmado"},
    {"es", "shipped", "Tu pedido {order_id} va en camino.",
     "Tu pedido {order_id} va en camino. Seguimiento: {link}", "Pedido {order_id} en camino"},
    {"es", "delivered", "Tu pedido {order_id} ha sido entregado. ¡Gracias por tu compra!", "",
     "Pedido {order_id} entregado"},
    {"es", "cancelled", "Tu pedido {order_id} ha sido cancelado. El reembolso llega en breve.", "",
     "Pedido {order_id} cancelado"},
    {"es", "other", "Novedades de tu pedido {order_id}: {status}.",
     "Novedades de tu pedido {order_id}: {status}. Detalles: {link}",
     "Pedido {order_id}: {status}"},
};

constexpr BuiltInLetter letters[] = {
    {"en", "Hello,", "Kind regards"},
    {"de", "Guten Tag,", "Mit freundlichen Grüßen"},
    {"fr", "Bonjour,", "Cordialement"},
    {"es", "Hola:", "Un saludo"},
};

}  // namespace

std::span<const BuiltInText> built_in_texts() { return texts; }
std::span<const BuiltInLetter> built_in_letters() { return letters; }

}  // namespace postrider::message
