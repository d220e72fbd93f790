#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "message/email/mime.hpp"
#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

const domain::TimePoint date = domain::from_unix_ms(1'764'029'340'000);  // 2025-11-25T00:09Z

Email email() {
  Email e;
  e.reference.bytes[0] = 0xAB;
  e.attempt_no = 2;
  e.from = "Shop <orders@shop.example>";
  e.to = "anna@example.com";
  e.subject = "Order Update - Order A-1 is on its way";
  e.text = "Hello,\nGrüße\n";
  e.html = "<p>Grüße</p>\n";
  e.headers = {{"List-Unsubscribe", "<https://shop.example/u>"}};
  return e;
}

std::string mime_of(const Email& e) {
  auto result = to_mime(e, date);
  if (result) return *result;
  ADD_FAILURE() << result.error().what;
  return {};
}

std::string decode_base64(std::string text) {
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  std::string out(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  EXPECT_GE(length, 0) << "not base64";
  for (std::size_t i = text.size(); i > 0 && text[i - 1] == '='; --i) out.pop_back();
  return out;
}

/// The value of a header, unfolded (RFC 5322 §2.2.3); "none" when there is none.
std::string header(const std::string& mime, const std::string& name) {
  auto head = "\r\n" + mime.substr(0, mime.find("\r\n\r\n")) + "\r\n";
  auto at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "none";
  at += name.size() + 4;
  std::string value;
  for (auto end = head.find("\r\n", at);; end = head.find("\r\n", at)) {
    value += head.substr(at, end - at);
    at = end + 2;
    if (at >= head.size() || head[at] != ' ') return value;
  }
}

/// RFC 2047 §6: encoded words decoded, the space between two of them dropped.
std::string decoded(const std::string& value) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const auto start = value.find("=?UTF-8?B?", at);
    auto between = value.substr(at, start - at);
    if (at == 0 || between.find_first_not_of(' ') != std::string::npos) out += between;
    if (start == std::string::npos) return out;
    const auto end = value.find("?=", start + 10);
    EXPECT_LE(end + 2 - start, 75U);
    const auto word = decode_base64(value.substr(start + 10, end - start - 10));
    for (std::size_t i = 0; i < word.size();) {
      const auto c = character_at(word, i);
      EXPECT_NE(c.code, 0xFFFDU) << "a character was cut in two";
      i += c.bytes;
    }
    out += word;
    at = end + 2;
  }
}

std::string part(const std::string& mime, const std::string& type) {
  const auto head = mime.find("Content-Type: " + type);
  const auto body = mime.find("\r\n\r\n", head) + 4;
  return decode_base64(mime.substr(body, mime.find("\r\n--", body) - body));
}

void expect_well_formed(const std::string& mime) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < mime.size(); ++i) {
    const auto byte = static_cast<unsigned char>(mime[i]);
    EXPECT_LT(byte, 0x80);
    if (mime[i] == '\r') {
      ASSERT_LT(i + 1, mime.size());
      ASSERT_EQ(mime[i + 1], '\n');
    }
    if (mime[i] == '\n') {
      ASSERT_GT(i, 0U);
      ASSERT_EQ(mime[i - 1], '\r');
      EXPECT_LE(length - 1, 998U);
      length = 0;
    } else {
      ++length;
    }
  }
}

TEST(Mime, TheHeadHasWhatRfc5322AsksFor) {
  const auto mime = mime_of(email());
  EXPECT_EQ(header(mime, "Date"), "Tue, 25 Nov 2025 00:09:00 +0000");
  EXPECT_EQ(header(mime, "From"), "Shop <orders@shop.example>");
  EXPECT_EQ(header(mime, "To"), "anna@example.com");
  EXPECT_EQ(header(mime, "Subject"), "Order Update - Order A-1 is on its way");
  EXPECT_EQ(header(mime, "Message-ID"), "<ab000000-0000-0000-0000-000000000000@shop.example>");
  EXPECT_EQ(header(mime, "Message-ID"), "<" + message_id_of(email()) + ">");
  EXPECT_EQ(header(mime, "MIME-Version"), "1.0");
  EXPECT_EQ(header(mime, "List-Unsubscribe"), "<https://shop.example/u>");
  EXPECT_TRUE(header(mime, "Content-Type").starts_with("multipart/alternative; boundary="));
  expect_well_formed(mime);
}

TEST(Mime, TheCopiesOfAMailAreOneMail) {
  auto again = email();
  again.attempt_no = 7;
  EXPECT_EQ(mime_of(again), mime_of(email()));
  again.reference.bytes[3] ^= 1;
  EXPECT_NE(message_id_of(again), message_id_of(email()));
  again = email();
  again.from = "Other <orders@other.example>";
  EXPECT_NE(message_id_of(again), message_id_of(email()));
}

TEST(Mime, BothPartsCanBeReadBack) {
  auto e = email();
  for (int i = 0; i < 200; ++i) e.text += "A line with Umläuten, 水 and 😀\r\nand\rmore\n";
  const auto mime = mime_of(e);
  expect_well_formed(mime);
  const auto text = part(mime, "text/plain");
  EXPECT_TRUE(
      text.starts_with("Hello,\r\nGrüße\r\nA line with Umläuten, 水 and 😀\r\nand\r\nmore\r\n"));
  EXPECT_EQ(part(mime, "text/html"), "<p>Grüße</p>\r\n");
  EXPECT_LT(mime.find("text/plain"), mime.find("text/html")) << "the best form comes last";
  const auto boundary = "--=_ab000000-0000-0000-0000-000000000000";
  EXPECT_TRUE(mime.ends_with(std::string{boundary} + "--\r\n"));
  for (std::size_t at = 0, end; at < mime.size(); at = end + 2) {
    end = mime.find("\r\n", at);
    EXPECT_LE(end - at, 78U);
  }
}

TEST(Mime, AnEncodedSubjectKeepsItsReadableStart) {
  auto e = email();
  e.subject =
      "Order Update - Bestellung A-1 ist bestätigt, und zwar für übermorgen um fünf Uhr früh";
  const auto value = header(mime_of(e), "Subject");
  EXPECT_TRUE(value.starts_with("Order Update - ")) << value;
  EXPECT_EQ(decoded(value), e.subject);
  e.subject = "水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水水😀";
  EXPECT_EQ(decoded(header(mime_of(e), "Subject")), e.subject);
  e.subject = "Order =?UTF-8?B?eA==?= x";
  EXPECT_EQ(decoded(header(mime_of(e), "Subject")), e.subject) << "looks encoded, but is text";
}

TEST(Mime, TheSendersNameIsQuotedOrEncodedAsItNeeds) {
  auto e = email();
  e.from = "orders@shop.example";
  EXPECT_EQ(header(mime_of(e), "From"), "orders@shop.example");
  e.from = "Meyer, Smith (Ltd.) <orders@shop.example>";
  EXPECT_EQ(header(mime_of(e), "From"), "\"Meyer, Smith (Ltd.)\" <orders@shop.example>");
  e.from = R"("The \"Best\" Shop" <orders@shop.example>)";
  EXPECT_EQ(header(mime_of(e), "From"), R"("The \"Best\" Shop" <orders@shop.example>)");
  e.from = "Björn & Söhne <orders@shop.example>";
  EXPECT_EQ(decoded(header(mime_of(e), "From")), e.from);
  e.from = "Ein sehr langer Name für einen Laden, der Bücher und Käse verkauft <o@shop.example>";
  EXPECT_EQ(decoded(header(mime_of(e), "From")), e.from);
}

TEST(Mime, NothingCanBeSmuggledIntoAHeader) {
  const std::string attacks[] = {"x\r\nBcc: evil@example.com", "x\nBcc: a@b.co", "x\ry",
                                 std::string{"x\0y", 3},       "x\x7F",          "x\u0085y"};
  for (const auto& attack : attacks) {
    auto subject = email();
    subject.subject = attack;
    auto from = email();
    from.from = attack + " <orders@shop.example>";
    auto to = email();
    to.to = "a@example.com" + attack.substr(1);
    auto value = email();
    value.headers = {{"X-A", attack}};
    auto name = email();
    name.headers = {{"X-A" + attack.substr(1), "v"}};
    for (const auto& e : {subject, from, to, value, name}) {
      const auto result = to_mime(e, date);
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().kind, domain::ErrorKind::invalid);
      EXPECT_EQ(result.error().what.find("evil"), std::string::npos);
    }
  }
}

TEST(Mime, AddressesThatCannotBeAreRefused) {
  for (const auto* to :
       {"", "anna", "a@b.co, c@d.co", "Anna <a@b.co>", "a@b.co>", "\"a b\"@c.de"}) {
    auto e = email();
    e.to = to;
    EXPECT_FALSE(to_mime(e, date)) << to;
  }
  auto e = email();
  e.from = "Shop <>";
  EXPECT_FALSE(to_mime(e, date));
  e = email();
  e.headers = {{"X-Long", std::string(1000, 'x')}};
  EXPECT_FALSE(to_mime(e, date));
  e.headers = {{"Bad Name", "x"}};
  EXPECT_FALSE(to_mime(e, date));
}

TEST(Mime, LimitsOfAddresses) {
  const std::string label(63, 'b');
  EXPECT_TRUE(is_plain_address(std::string(64, 'a') + "@b.co"));
  EXPECT_FALSE(is_plain_address(std::string(65, 'a') + "@b.co"));
  EXPECT_TRUE(is_plain_address("a@" + label + ".co"));
  EXPECT_FALSE(is_plain_address("a@b" + label + ".co"));
  const auto longest =
      "a@" + label + "." + label + "." + label + "." + std::string(57, 'c') + ".co";
  EXPECT_EQ(longest.size(), 254U);
  EXPECT_TRUE(is_plain_address(longest));
  EXPECT_FALSE(is_plain_address("a" + longest));
}

RC_GTEST_PROP(MimeProperties, AnySubjectOfOneLineComesBack, ()) {
  auto e = email();
  e.subject.clear();
  const auto length = *rc::gen::inRange(1, 120);
  for (int i = 0; i < length; ++i)
    append_utf8(e.subject, *rc::gen::elementOf(std::vector<char32_t>{U'a', U'=', U'?', U' ', U'ü',
                                                                     U'水', U'😀', U'-', U'B'}));
  const auto mime = to_mime(e, date);
  RC_ASSERT(mime.has_value());
  RC_ASSERT(decoded(header(*mime, "Subject")) == e.subject);
}

RC_GTEST_PROP(MimeProperties, AnyBytesMakeAWellFormedMailOrNone,
              (const std::string& subject, const std::string& text, const std::string& value)) {
  auto e = email();
  e.subject = subject;
  e.text = text;
  e.headers = {{"X-A", value}};
  const auto mime = to_mime(e, date);
  if (!mime) return;
  expect_well_formed(*mime);
  const auto head = mime->substr(0, mime->find("\r\n\r\n"));
  RC_ASSERT(head.find("\r\nContent-Type: multipart/alternative") != std::string::npos);
}

}  // namespace
}  // namespace postrider::message
