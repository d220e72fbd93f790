// Texts as shops write them: with the quotes, dashes and spaces that keyboards and word processors
// set, the letters of ten languages, and names as they come.
#include "message/text/peers.hpp"

namespace postrider::message::peers {
namespace {

constexpr ShopText texts[] = {
    {"en",
     "Hi Zoë! Your order #10234 from Baker’s Corner has shipped — track it here: "
     "https://baker.example/t/10234"},
    {"en", "“Blue Mug” (×2) is out for delivery today between 2–4 pm. Questions? Just reply…"},
    {"en",
     "Good news: your refund of £24.99 is on its way. It’ll take 3–5 working days to reach "
     "your account. Thanks for your patience – the Northfield team"},
    {"en", "Your café order is ready for pick‑up at 12½ High Street. Don’t forget your ID!"},
    {"de",
     "Hallo Jürgen, Ihre Bestellung „Größe M – Weiß“ ist unterwegs. Verfolgen: "
     "https://laden.example/s/88123"},
    {"de",
     "Ihr Paket kommt heute zwischen 14 und 16 Uhr. Bitte halten Sie 12,50 € bereit. Vielen "
     "Dank für Ihren Einkauf – Ihr Team vom Hofladen"},
    {"de",
     "Leider mussten wir Ihre Bestellung stornieren. Den Betrag von 1 249,00 € erstatten "
     "wir innerhalb von 3–5 Werktagen. Rückfragen? Wir sind für Sie da …"},
    {"fr",
     "Bonjour François, votre commande n° 4521 est expédiée ! Suivez-la ici : "
     "https://boutique.example/s/4521"},
    {"fr",
     "Votre colis sera livré aujourd’hui entre 14 h et 16 h. Ça vous convient ? Répondez "
     "« OUI » pour confirmer. Merci de votre confiance et à bientôt !"},
    {"fr",
     "Nous avons bien reçu votre retour. Le remboursement de 89,90 € sera effectué sous "
     "3 à 5 jours. L’équipe « Cœur de Maison » vous remercie."},
    {"es",
     "¡Hola María! Tu pedido n.º 7781 ya está en camino. Síguelo aquí: "
     "https://tienda.example/s/7781"},
    {"es",
     "Tu paquete llegará mañana entre las 10:00 y las 13:00. ¿No estarás en casa? Respóndenos "
     "y buscaremos otra solución. Gracias por comprar en «El Rincón»."},
    {"es",
     "Hemos cancelado tu pedido, según lo solicitado. El reembolso de 45,30 € llegará en 3–5 "
     "días hábiles a tu cuenta. ¡Perdona las molestias, José!"},
    {"it",
     "Ciao Nicolò, il tuo ordine n. 3312 è stato spedito. Seguilo qui: "
     "https://negozio.example/s/3312"},
    {"it",
     "La consegna è prevista per giovedì tra le 9 e le 12. Se non c’è nessuno, lasceremo il "
     "pacco dal vicino. Più informazioni nell’e-mail che ti abbiamo mandato."},
    {"pt",
     "Olá João! A sua encomenda n.º 5520 já foi enviada. Acompanhe aqui: "
     "https://loja.example/s/5520"},
    {"pt",
     "A confirmação do pagamento chegou – obrigado! A sua encomenda será preparada amanhã e "
     "enviada até quinta‑feira. Não é necessária nenhuma ação da sua parte."},
    {"nl",
     "Hoi Zoë, je bestelling 9981 is onderweg. We bezorgen ’m morgen tussen 10:00–12:00. "
     "Volg je pakket: https://winkel.example/s/9981"},
    {"nl",
     "Je retour is binnen! Je krijgt € 34,95 binnen 3–5 werkdagen terug. Vragen? We helpen "
     "je graag. Groetjes, ’t Winkeltje"},
    {"pl",
     "Dzień dobry, Łukasz! Twoje zamówienie nr 6612 zostało wysłane. Śledź przesyłkę: "
     "https://sklep.example/s/6612"},
    {"pl",
     "Paczka czeka na Ciebie w punkcie odbioru „Żabka”, ul. Świętokrzyska 12. Kod odbioru: "
     "445 912. Odbierz ją do piątku. Dziękujemy za zakupy!"},
    {"sv",
     "Hej Åsa! Din beställning 2207 är på väg – den kommer i morgon före kl. 12. Följ den "
     "här: https://butik.example/s/2207"},
    {"sv",
     "Vi har tagit emot din retur. 349 kr betalas tillbaka inom 3–5 bankdagar. Tack för att "
     "du handlar hos oss! ”Lilla Lagret”"},
    {"tr",
     "Merhaba Çağla, 4410 numaralı siparişiniz kargoya verildi. Takip: "
     "https://dukkan.example/s/4410"},
    {"tr",
     "Siparişiniz bugün 14.00–16.00 arasında teslim edilecek. Sorularınız için bize yazın. "
     "Teşekkürler, iyi günler dileriz!"},
    {"cs",
     "Dobrý den, Jiří, Vaše objednávka č. 1290 je na cestě. Sledujte ji zde: "
     "https://obchod.example/s/1290"},
    {"cs",
     "Balíček dorazí zítra mezi 8. a 12. hodinou. Připravte si prosím 590 Kč. Děkujeme za "
     "nákup – Váš obchod „U Lípy“."},
    {"ro",
     "Bună ziua, comanda dvs. nr. 3002 a fost expediată. Urmăriți-o aici: "
     "https://magazin.example/s/3002"},
    {"ro",
     "Coletul ajunge mâine între 10:00–14:00. Vă mulțumim că ați ales „Casa Verde”! Pentru "
     "întrebări ne puteți răspunde la acest mesaj."},
    {"el", "Καλημέρα! Η παραγγελία σας 5512 στάλθηκε. Παρακολούθηση: https://shop.example/s/5512"},
    {"ja", "ご注文 5512 を発送しました。配送状況：https://shop.example/s/5512"},
    {"en", "🎉 Your order has arrived! Enjoy your “Cozy Socks” – and tell us how you like them."},
};

}  // namespace

std::span<const ShopText> shop_texts() { return texts; }

}  // namespace postrider::message::peers
