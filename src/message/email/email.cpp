#include "message/email/email.hpp"

#include <algorithm>

#include "domain/reason.hpp"
#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

/// The class of a record's reason: the mail tells its reader no more than that.
domain::ReasonClass class_of_code(std::string_view code) {
  return domain::class_of(domain::parse_reason(code).value_or(domain::Reason::none));
}

/// The footer's sentences in one language.
struct Phrases {
  std::string_view language;
  std::string_view no_number;
  std::string_view not_wanted;
  std::string_view not_delivered;
  std::string_view unsubscribe;  // before the link
};

constexpr Phrases phrases[] = {
    {"en", "You receive this by e-mail because we have no phone number that we can text.",
     "You receive this by e-mail because you asked not to get text messages.",
     "You receive this by e-mail because we could not deliver it to you as a text message.",
     "No more e-mails like this: "},
    {"de",
     "Sie erhalten diese Nachricht per E-Mail, weil uns keine Rufnummer vorliegt, an die wir eine "
     "SMS schicken können.",
     "Sie erhalten diese Nachricht per E-Mail, weil Sie keine SMS wünschen.",
     "Sie erhalten diese Nachricht per E-Mail, weil wir sie nicht als SMS zustellen konnten.",
     "Keine weiteren E-Mails dieser Art: "},
    {"fr",
     "Vous recevez ce message par e-mail car nous n’avons pas de numéro auquel envoyer un SMS.",
     "Vous recevez ce message par e-mail car vous ne souhaitez pas recevoir de SMS.",
     "Vous recevez ce message par e-mail car nous n’avons pas pu vous le remettre par SMS.",
     "Ne plus recevoir ces e-mails : "},
    {"es",
     "Recibes este mensaje por correo electrónico porque no tenemos un número al que enviarte un "
     "SMS.",
     "Recibes este mensaje por correo electrónico porque no deseas recibir SMS.",
     "Recibes este mensaje por correo electrónico porque no pudimos entregártelo por SMS.",
     "No recibir más correos como este: "},
    {"it", "Ricevi questo messaggio per e-mail perché non abbiamo un numero a cui inviarti un SMS.",
     "Ricevi questo messaggio per e-mail perché hai chiesto di non ricevere SMS.",
     "Ricevi questo messaggio per e-mail perché non siamo riusciti a recapitartelo via SMS.",
     "Non ricevere più e-mail come questa: "},
    {"pt", "Você recebe esta mensagem por e-mail porque não temos um número para enviar SMS.",
     "Você recebe esta mensagem por e-mail porque pediu para não receber SMS.",
     "Você recebe esta mensagem por e-mail porque não conseguimos entregá-la por SMS.",
     "Não receber mais e-mails como este: "},
    {"nl",
     "Je ontvangt dit per e-mail omdat we geen nummer hebben waar we een sms naar kunnen sturen.",
     "Je ontvangt dit per e-mail omdat je geen sms wilt ontvangen.",
     "Je ontvangt dit per e-mail omdat we het niet per sms konden bezorgen.",
     "Geen e-mails zoals deze meer: "},
    {"pl",
     "Otrzymujesz tę wiadomość e-mailem, ponieważ nie mamy numeru, na który możemy wysłać SMS.",
     "Otrzymujesz tę wiadomość e-mailem, ponieważ nie chcesz otrzymywać SMS-ów.",
     "Otrzymujesz tę wiadomość e-mailem, ponieważ nie udało się dostarczyć jej SMS-em.",
     "Rezygnacja z takich e-maili: "},
    {"sv", "Du får det här via e-post eftersom vi inte har något nummer att skicka sms till.",
     "Du får det här via e-post eftersom du inte vill ha sms.",
     "Du får det här via e-post eftersom vi inte kunde leverera det som sms.",
     "Inga fler mejl som det här: "},
    {"ja", "SMSを送れる電話番号がないため、メールでお送りしています。",
     "SMSを希望されていないため、メールでお送りしています。",
     "SMSでお届けできなかったため、メールでお送りしています。", "このようなメールの配信停止: "},
    {"ar", "تصلك هذه الرسالة بالبريد الإلكتروني لأنه ليس لدينا رقم نرسل إليه رسالة نصية.",
     "تصلك هذه الرسالة بالبريد الإلكتروني لأنك طلبت عدم تلقي رسائل نصية.",
     "تصلك هذه الرسالة بالبريد الإلكتروني لأننا لم نتمكن من تسليمها برسالة نصية.",
     "لإيقاف هذه الرسائل: "},
    {"zh", "我们没有可发送短信的号码，因此通过电子邮件通知您。",
     "您不希望接收短信，因此通过电子邮件通知您。", "短信未能送达，因此通过电子邮件通知您。",
     "不再接收此类邮件: "},
};

std::string_view language_of(std::string_view locale) {
  return locale.substr(0, locale.find_first_of("-_"));
}

const Phrases& phrases_in(std::string_view language) {
  for (const auto& p : phrases)
    if (p.language == language) return p;
  return phrases[0];
}

std::string_view reason_line(const Phrases& p, domain::ReasonClass why) {
  switch (why) {
    case domain::ReasonClass::number: return p.no_number;
    case domain::ReasonClass::consent: return p.not_wanted;
    default: return p.not_delivered;
  }
}

bool is_right_to_left(std::string_view language) {
  constexpr std::string_view languages[] = {"ar", "he", "iw", "fa", "ur", "ps", "yi", "ckb"};
  return std::find(std::begin(languages), std::end(languages), language) != std::end(languages);
}

bool is_https(std::string_view url) { return url.starts_with("https://"); }

/// Line breaks and other control characters become spaces: a subject is one line.
std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    const bool control =
        c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0) || c.code == 0x2028 || c.code == 0x2029;
    if (control) {
      line += ' ';
    } else {
      line += text.substr(at, c.bytes);
    }
    at += c.bytes;
  }
  return line;
}

/// One line as HTML: escaped, with its links as <a> elements.
std::string html_of_line(std::string_view line) {
  std::string html;
  while (!line.empty()) {
    const auto start = std::min(line.find("https://"), line.find("http://"));
    html += escape_html(line.substr(0, start));
    if (start == std::string_view::npos) break;
    line.remove_prefix(start);
    const auto link = escape_html(line.substr(0, line.find_first_of(" \t<>\"")));
    // A link reads from left to right in every language, its last sign at its right end.
    html += "<a dir=\"ltr\" href=\"" + link + "\">" + link + "</a>";
    const auto end = line.find_first_of(" \t<>\"");
    line = end == std::string_view::npos ? std::string_view{} : line.substr(end);
  }
  return html;
}

/// A text as HTML paragraphs: empty lines part paragraphs, other line ends are <br>.
std::string html_of_text(std::string_view text) {
  std::string html = "<p>";
  bool first_in_paragraph = true;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) {
      if (!first_in_paragraph) html += "</p>\n<p>";
      first_in_paragraph = true;
      continue;
    }
    if (!first_in_paragraph) html += "<br>\n";
    html += html_of_line(line);
    first_in_paragraph = false;
  }
  return html + "</p>\n";
}

std::string html_page(const Email& email, std::string_view locale, std::string_view shop,
                      std::string_view body, std::string_view footer) {
  const auto language = language_of(locale);
  std::string html = "<!DOCTYPE html>\n<html lang=\"";
  html += escape_html(locale);
  html += is_right_to_left(language) ? "\" dir=\"rtl\">\n" : "\" dir=\"ltr\">\n";
  html += "<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  html += escape_html(email.subject);
  html +=
      "</title>\n</head>\n<body style=\"margin:0 auto;max-width:36em;padding:1em;"
      "font-family:sans-serif;line-height:1.5;color:#222\">\n";
  if (!shop.empty()) html += "<p><strong>" + escape_html(shop) + "</strong></p>\n";
  html += html_of_text(body);
  html += "<hr style=\"border:0;border-top:1px solid #ccc\">\n";
  html += "<div style=\"font-size:small;color:#555\">\n" + html_of_text(footer) + "</div>\n";
  html += "</body>\n</html>\n";
  return html;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

Email compose_email(const domain::Notification& n, const EmailSettings& settings) {
  const auto& content = n.content;
  const std::string_view locale = content.locale.empty() ? "en" : std::string_view{content.locale};
  const auto& texts = phrases_in(language_of(locale));

  Email email;
  email.reference = n.id;
  email.attempt_no = n.attempts;
  email.from = settings.from;
  email.to = content.email;
  email.subject = one_line(content.email_subject.empty() ? "Order Update - " + n.order_id
                                                         : content.email_subject);
  std::string footer{reason_line(texts, class_of_code(n.reason))};
  if (is_https(settings.unsubscribe_url))
    footer.append("\n").append(texts.unsubscribe).append(settings.unsubscribe_url);
  email.text = content.email_text + "\n\n-- \n" + footer + "\n";
  email.html = html_page(email, locale, settings.shop_name, content.email_text, footer);

  email.headers.emplace_back("Auto-Submitted", "auto-generated");  // RFC 3834 §5
  if (!settings.unsubscribe_url.empty()) {
    email.headers.emplace_back("List-Unsubscribe", "<" + settings.unsubscribe_url + ">");
    if (is_https(settings.unsubscribe_url))  // RFC 8058
      email.headers.emplace_back("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  }
  return email;
}

}  // namespace postrider::message
