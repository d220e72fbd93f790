#include "tidy/source_text.hpp"

#include <algorithm>
#include <cctype>

namespace postrider::tidy {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

/// A walk over a source that copies it, with spaces for all that is not code.
class Blanker {
 public:
  explicit Blanker(std::string_view source) : source_{source}, text_{source} {}

  std::string run() {
    while (at_ < source_.size()) step();
    return std::move(text_);
  }

 private:
  bool here(std::string_view what) const { return source_.substr(at_).starts_with(what); }

  void step() {
    if (here("//")) return blank_until_line_end();
    if (here("/*")) return blank_to(after(source_.find("*/", at_ + 2), 2));
    if (source_[at_] == '#' && first_on_line()) return blank_until_line_end();
    if (here("R\"") && (at_ == 0 || !is_word(source_[at_ - 1]))) return blank_raw_string();
    if (source_[at_] == '"') return blank_quoted('"');
    if (source_[at_] == '\'' && !within_number()) return blank_quoted('\'');
    ++at_;
  }

  /// True at the second ' of 1'000'000; false at the first of U'x'.
  bool within_number() const {
    auto begin = at_;
    while (begin > 0 && (is_word(source_[begin - 1]) || source_[begin - 1] == '\'')) --begin;
    return begin < at_ && source_[begin] >= '0' && source_[begin] <= '9';
  }

  std::size_t after(std::size_t found, std::size_t length) const {
    return found == std::string_view::npos ? source_.size() : found + length;
  }

  bool first_on_line() const {
    for (auto i = at_; i > 0 && source_[i - 1] != '\n'; --i)
      if (!is_space(source_[i - 1])) return false;
    return true;
  }

  void blank_to(std::size_t end) {
    for (; at_ < end; ++at_)
      if (source_[at_] != '\n') text_[at_] = ' ';
  }

  void blank_until_line_end() {
    auto end = std::min(source_.find('\n', at_), source_.size());
    while (end < source_.size() && source_[end - 1] == '\\')
      end = std::min(source_.find('\n', end + 1), source_.size());
    blank_to(end);
  }

  void blank_raw_string() {
    const auto open = source_.find('(', at_);
    if (open == std::string_view::npos) return blank_to(source_.size());
    const auto end = ")" + std::string{source_.substr(at_ + 2, open - at_ - 2)} + "\"";
    blank_to(after(source_.find(end, open), end.size()));
  }

  void blank_quoted(char quote) {
    auto end = at_ + 1;
    while (end < source_.size() && source_[end] != quote) end += source_[end] == '\\' ? 2 : 1;
    blank_to(std::min(end + 1, source_.size()));
  }

  std::string_view source_;
  std::string text_;
  std::size_t at_ = 0;
};

/// A search for the functions in blanked text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_{text} {}

  std::vector<Function> run() {
    std::size_t head = 0;
    int parens = 0;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '(') ++parens;
      if (c == ')') --parens;
      if (c == ';' || c == '}') head = i + 1, parens = 0;
      if (c != '{') continue;
      if (parens > 0 || is_member_initialiser(head, i)) {
        i = closing_brace(i);
      } else if (is_function(head, i)) {
        const auto end = closing_brace(i);
        add(head, i, end);
        i = end;
        head = end + 1;
      } else if (is_scope(head, i)) {
        head = i + 1;  // look inside
      } else {
        i = closing_brace(i);  // data
      }
    }
    return std::move(found_);
  }

 private:
  std::size_t skip_space(std::size_t begin, std::size_t end) const {
    while (begin < end && is_space(text_[begin])) ++begin;
    return begin;
  }

  std::string_view head_of(std::size_t head, std::size_t brace) const {
    auto begin = skip_space(head, brace);
    for (const std::string_view label : {"public:", "protected:", "private:"})
      if (text_.substr(begin).starts_with(label)) begin = skip_space(begin + label.size(), brace);
    auto end = brace;
    while (end > begin && is_space(text_[end - 1])) --end;
    return text_.substr(begin, end - begin);
  }

  /// `a_{x}` in `A::A(int x) : a_{x}, b_{} {`.
  bool is_member_initialiser(std::size_t head, std::size_t brace) const {
    const auto text = head_of(head, brace);
    const auto close = text.find(')');
    if (close == std::string_view::npos || text.empty()) return false;
    const bool after_name = is_word(text.back()) || text.back() == '>';
    auto colon = text.find(':', close);
    while (colon != std::string_view::npos && text.substr(colon).starts_with("::"))
      colon = text.find(':', colon + 2);
    return after_name && colon != std::string_view::npos;
  }

  static bool starts_with_word(std::string_view text, std::string_view word) {
    return text.starts_with(word) && (text.size() == word.size() || !is_word(text[word.size()]));
  }

  static std::string_view without_template(std::string_view text) {
    if (!starts_with_word(text, "template")) return text;
    int depth = 0;
    for (std::size_t i = text.find('<'); i < text.size(); ++i) {
      if (text[i] == '<') ++depth;
      if (text[i] == '>' && --depth == 0) {
        text.remove_prefix(i + 1);
        while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
        return without_template(text);
      }
    }
    return text;
  }

  bool is_scope(std::size_t head, std::size_t brace) const {
    const auto text = without_template(head_of(head, brace));
    for (const auto* word : {"namespace", "inline namespace", "class", "struct", "union"})
      if (starts_with_word(text, word)) return !text.ends_with(')');
    return starts_with_word(text, "extern") && text.find('(') == text.npos;
  }

  bool is_function(std::size_t head, std::size_t brace) const {
    const auto text = without_template(head_of(head, brace));
    if (text.find('(') == text.npos || is_scope(head, brace)) return false;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
      const bool operators = text.substr(0, i).ends_with("operator");
      if (text[i] == '=' && depth == 0 && !operators && !compares(text, i))
        return text.find('[', i) != std::string_view::npos;  // a lambda, or data
    }
    return true;
  }

  static bool compares(std::string_view text, std::size_t i) {
    const auto near = text.substr(i == 0 ? 0 : i - 1, 3);
    return near.find("==") != near.npos || near.find("<=") != near.npos ||
           near.find(">=") != near.npos || near.find("!=") != near.npos;
  }

  std::size_t closing_brace(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < text_.size(); ++i) {
      if (text_[i] == '{') ++depth;
      if (text_[i] == '}' && --depth == 0) return i;
    }
    return text_.size();
  }

  int line_at(std::size_t i) const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(i, text_.size()));
    return 1 + static_cast<int>(std::count(text_.begin(), end, '\n'));
  }

  void add(std::size_t head, std::size_t brace, std::size_t end) {
    const auto text = head_of(head, brace);
    std::string one_line;
    for (const char c : text)
      if (!is_space(c) || (!one_line.empty() && one_line.back() != ' '))
        one_line += is_space(c) ? ' ' : c;
    const auto begin = static_cast<std::size_t>(text.data() - text_.data());
    found_.push_back({std::move(one_line), line_at(begin), line_at(end)});
  }

  std::string_view text_;
  std::vector<Function> found_;
};

}  // namespace

std::string blank_out(std::string_view source) { return Blanker{source}.run(); }

std::vector<Function> functions_in(std::string_view source) {
  const auto text = blank_out(source);
  return Scanner{text}.run();
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace postrider::tidy
