#include "settings/template_file.hpp"

#include <toml++/toml.h>

#include <array>
#include <filesystem>

#include "message/text/utf8.hpp"
#include "settings/config_keys.hpp"

namespace postrider::settings {
namespace {

using message::ShopLetter;
using message::ShopText;

/// One key of a table in the file, and the member that takes its text.
template <class Target>
struct TextField {
  const char* name;
  std::string Target::*text;
};
constexpr std::array text_fields{
    TextField<ShopText>{"sms", &ShopText::sms},
    TextField<ShopText>{"sms_with_link", &ShopText::sms_with_link},
    TextField<ShopText>{"subject", &ShopText::subject},
    TextField<ShopText>{"email", &ShopText::email},
    TextField<ShopText>{"email_with_link", &ShopText::email_with_link},
};
constexpr std::array letter_fields{
    TextField<ShopLetter>{"greeting", &ShopLetter::greeting},
    TextField<ShopLetter>{"farewell", &ShopLetter::farewell},
};
constexpr std::int64_t max_segments_allowed = 10;

/// A reader of one texts file. It collects mistakes, its own and those of Templates, and keeps the
/// line of each text, so that every mistake is reported with its line.
class TemplateFile {
 public:
  explicit TemplateFile(std::string path) : path_{std::move(path)} {}

  message::ShopTexts read() {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path_, error))
      throw UsageError{"shop.templates: there is no file " + path_};
    try {
      const auto file = toml::parse_file(path_);
      for (const auto& [key, node] : file) take(std::string{key.str()}, node, line(key.source()));
    } catch (const toml::parse_error& e) {
      add_problem(line(e.source()), std::string{e.description()});
    }
    return std::move(texts_);
  }

  void add_problem(const message::TextProblem& problem) {
    const auto table = problem.locale + "." + problem.status;
    const auto at = lines_.find(table + "." + problem.field);
    add_problem(at != lines_.end() ? at->second : lines_[table],
                "[" + table + "] " + problem.field + ": " + problem.what);
  }

  void throw_if_problems() const {
    if (!problems_.empty()) throw UsageError{problems_};
  }

 private:
  static std::int64_t line(const toml::source_region& source) { return source.begin.line; }

  void add_problem(std::int64_t line, const std::string& what) {
    if (!problems_.empty()) problems_ += '\n';
    problems_ += path_ + (line > 0 ? ":" + std::to_string(line) : "") + ": " + what;
  }

  void take(const std::string& name, const toml::node& node, std::int64_t at) {
    if (name == "most_segments") {
      const auto number = node.value<std::int64_t>().value_or(0);
      if (number < 1 || number > max_segments_allowed)
        return add_problem(at, "most_segments must be a number from 1 to 10");
      texts_.max_segments = static_cast<int>(number);
    } else if (!node.is_table()) {
      add_problem(
          at, "there is no setting \"" + name + "\": texts stand in tables such as [de.shipped]");
    } else if (name == "samples") {
      take_samples(*node.as_table());
    } else {
      for (const auto& [status, table] : *node.as_table())
        take_text(name, std::string{status.str()}, table, line(status.source()));
    }
  }

  void take_samples(const toml::table& table) {
    for (const auto& [key, value] : table) {
      const auto text = value.value<std::string>();
      if (text)
        texts_.samples[std::string{key.str()}] = *text;
      else
        add_problem(line(key.source()), "a sample is a text: write numbers in quotes too");
    }
  }

  void take_text(const std::string& locale, const std::string& status, const toml::node& node,
                 std::int64_t at) {
    const auto name = message::folded(locale) + "." + status;
    lines_[name] = at;
    if (!node.is_table()) return add_problem(at, name + " must be a table such as [de.shipped]");
    if (status == "replacement") {
      take_replacement(*node.as_table(), locale);
    } else if (status == "letter") {
      ShopLetter letter{locale, "", ""};
      fill(*node.as_table(), name, letter_fields, letter);
      texts_.letters.push_back(std::move(letter));
    } else {
      ShopText text{locale, status, "", "", "", "", ""};
      fill(*node.as_table(), name, text_fields, text);
      texts_.texts.push_back(std::move(text));
    }
  }

  void take_replacement(const toml::table& table, const std::string& locale) {
    auto& rules = texts_.replacement[message::folded(locale)];
    using Letters = message::ReplacementRules::Letters;
    for (const auto& [key, value] : table) {
      const auto text = value.value_exact<std::string>().value_or("");
      const auto at = line(key.source());
      if (key.str() == "keep" && !text.empty()) {
        for (std::size_t i = 0; i < text.size();) {
          const auto character = message::character_at(text, i);
          rules.keep += character.code;
          i += character.bytes;
        }
      } else if (key.str() == "letters" && text == "always") {
        rules.letters = Letters::always;
      } else if (key.str() == "letters" && text == "when_cheaper") {
        rules.letters = Letters::when_cheaper;
      } else if (key.str() == "letters" && text == "never") {
        rules.letters = Letters::never;
      } else {
        add_problem(at,
                    "[" + locale +
                        ".replacement] has letters = \"always\", \"when_cheaper\" or \"never\", "
                        "and keep = \"…\" with the characters to keep");
      }
    }
  }

  template <class Target, std::size_t count>
  void fill(const toml::table& table, const std::string& name,
            const std::array<TextField<Target>, count>& fields, Target& target) {
    for (const auto& [key, value] : table) {
      const auto at = line(key.source());
      const std::string_view wanted = key.str();
      const auto field = std::find_if(fields.begin(), fields.end(),
                                      [&](const auto& f) { return f.name == wanted; });
      const auto text = value.template value<std::string>();
      if (field == fields.end()) {
        std::string known;
        for (const auto& f : fields) known += std::string{known.empty() ? "" : ", "} + f.name;
        add_problem(at, "[" + name + "] has no \"" + std::string{key.str()} + "\", only " + known);
      } else if (!text || text->empty()) {
        add_problem(at, "[" + name + "] " + field->name + " must be a text");
      } else {
        target.*(field->text) = *text;
        lines_[name + "." + field->name] = at;
      }
    }
  }

  std::string path_;
  std::string problems_;
  message::ShopTexts texts_;
  std::map<std::string, std::int64_t> lines_;  // of "de.shipped" and "de.shipped.sms"
};

}  // namespace

message::Templates templates_of(const Config& config) {
  if (config.shop.templates.empty()) return message::Templates::built_in();
  TemplateFile file{config.shop.templates};
  auto texts = file.read();
  file.throw_if_problems();
  texts.shop_name = config.shop.name;
  auto built = message::Templates::with(texts);
  if (auto* templates = std::get_if<message::Templates>(&built)) return std::move(*templates);
  for (const auto& problem : std::get<std::vector<message::TextProblem>>(built))
    file.add_problem(problem);
  file.throw_if_problems();
  return message::Templates::built_in();
}

}  // namespace postrider::settings
