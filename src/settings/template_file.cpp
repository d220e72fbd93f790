#include "settings/template_file.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "domain/intake/status.hpp"
#include "message/text/ascii.hpp"
#include "message/text/nearest_name.hpp"
#include "message/text/utf8.hpp"
#include "settings/checks.hpp"
#include "settings/toml_file.hpp"
#include "settings/units.hpp"

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

// Names of tables that are no status of an order.
constexpr std::array special_tables{"letter", "replacement"};
// Statuses that come with texts, which others are taken for when a name has a slip.
constexpr std::array known_statuses{"confirmed", "shipped", "delivered", "cancelled", "other"};

std::string as_events_have_it(const std::string& status) {
  return domain::usual_spelling(message::lower(status));
}

/// The name that `status` seems to be meant for; empty: it is one of its own, or known. A shop may
/// have any status, but one that differs by a slip from a known one would never be used.
std::string meant_status(const std::string& status) {
  std::vector<std::string> names{special_tables.begin(), special_tables.end()};
  names.insert(names.end(), known_statuses.begin(), known_statuses.end());
  if (std::find(names.begin(), names.end(), status) != names.end()) return {};
  const std::vector<std::string_view> views{names.begin(), names.end()};
  const auto found = message::nearest_name(message::lower(status), views);
  const std::size_t slip = status.size() < 6 ? 1 : 2;
  return found && found->distance <= slip ? std::string{found->name} : std::string{};
}

/// A reader of one texts file. It collects mistakes, its own and those of Templates, and keeps the
/// line of each text, so that every mistake is reported with its line.
class TextsReader {
 public:
  explicit TextsReader(TomlFile& file) : file_{file} {}

  message::ShopTexts read() {
    const auto table = file_.read();
    if (const auto* own = table["statuses"].as_array())
      for (const auto& status : *own)
        own_statuses_.insert(as_events_have_it(status.value_or(std::string{})));
    for (const auto& [key, node] : table) take(std::string{key.str()}, node, line(key.source()));
    return std::move(texts_);
  }

  void add_problem(const message::TextProblem& problem) {
    const auto table = problem.locale + "." + problem.status;
    const auto at = lines_.find(table + "." + problem.field);
    file_.add_problem(at != lines_.end() ? at->second : lines_[table],
                      "[" + table + "] " + problem.field + ": " + problem.what);
  }

 private:
  static std::int64_t line(const toml::source_region& source) { return source.begin.line; }

  void add_problem(std::int64_t line, const std::string& what) { file_.add_problem(line, what); }

  void take(const std::string& name, const toml::node& node, std::int64_t at) {
    if (name == "most_segments") {
      const auto number = node.value<std::int64_t>().value_or(0);
      if (number < 1 || number > max_segments_allowed)
        return add_problem(at, "most_segments must be a number from 1 to 10");
      texts_.max_segments = static_cast<int>(number);
    } else if (name == "statuses") {
      if (!node.is_array() || !node.as_array()->is_homogeneous<std::string>())
        add_problem(at, "statuses must be a list of texts such as [\"delivery\"]");
    } else if (!node.is_table()) {
      const auto meant = nearest(name, std::vector<std::string>{"most_segments", "statuses"});
      add_problem(at, "there is no setting \"" + name +
                          "\": texts stand in tables such as [de.shipped]" +
                          (meant.empty() ? "" : " (did you mean \"" + meant + "\"?)"));
    } else if (name == "samples") {
      take_samples(*node.as_table());
    } else if (const auto mistake = locale_mistake(name); !mistake.empty()) {
      add_problem(at, "[" + name + "] " + mistake);
    } else {
      for (const auto& [status, table] : *node.as_table()) {
        const std::string written{status.str()};
        // The usual spelling wins, as it did when a shop needed both.
        const auto usual = as_events_have_it(written);
        if (usual != message::lower(written) && node.as_table()->contains(usual)) continue;
        take_text(name, written, table, line(status.source()));
      }
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

  void take_text(const std::string& locale, const std::string& written, const toml::node& node,
                 std::int64_t at) {
    const auto status = as_events_have_it(written);
    const auto name = message::folded(locale) + "." + status;
    if (const auto first = lines_.find(name); first != lines_.end())
      return add_problem(at, "[" + name + "] stands in line " + std::to_string(first->second) +
                                 " already, in another spelling");
    lines_[name] = at;
    if (!node.is_table()) return add_problem(at, name + " must be a table such as [de.shipped]");
    if (const auto meant = meant_status(status); !meant.empty() && !own_statuses_.contains(status))
      return add_problem(at, "[" + name + "] did you mean [" + locale + "." + meant +
                                 "]? Where the shop has a status \"" + status +
                                 "\", write statuses = [\"" + status + "\"] above the first table");
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
        std::vector<std::string> names;
        for (const auto& f : fields) {
          known += std::string{known.empty() ? "" : ", "} + f.name;
          names.emplace_back(f.name);
        }
        const auto meant = nearest(wanted, names);
        add_problem(at, "[" + name + "] has no \"" + std::string{key.str()} + "\", only " + known +
                            (meant.empty() ? "" : " (did you mean \"" + meant + "\"?)"));
      } else if (!text || text->empty()) {
        add_problem(at, "[" + name + "] " + field->name + " must be a text");
      } else {
        target.*(field->text) = *text;
        lines_[name + "." + field->name] = at;
      }
    }
  }

  TomlFile& file_;
  message::ShopTexts texts_;
  std::set<std::string> own_statuses_;         // that may resemble a known one
  std::map<std::string, std::int64_t> lines_;  // of "de.shipped" and "de.shipped.sms"
};

}  // namespace

message::Templates templates_of(const Config& config) {
  if (config.shop.templates.empty()) return message::Templates::built_in();
  TomlFile file{config.shop.templates, "shop.templates"};
  TextsReader reader{file};
  auto texts = reader.read();
  throw_if_any(file.problems());
  texts.shop_name = config.shop.name;
  auto built = message::Templates::with(texts);
  if (auto* templates = std::get_if<message::Templates>(&built)) return std::move(*templates);
  for (const auto& problem : std::get<std::vector<message::TextProblem>>(built))
    reader.add_problem(problem);
  throw_if_any(file.problems());
  return message::Templates::built_in();
}

}  // namespace postrider::settings
