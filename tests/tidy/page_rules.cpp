#include "tidy/page_rules.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <regex>

#include "tidy/source_text.hpp"

namespace postrider::tidy {
namespace {

bool is_fence(std::string_view line) {
  const auto text = line.substr(std::min(line.size(), line.find_first_not_of(' ')));
  return text.starts_with("```") || text.starts_with("~~~");
}

/// Fenced blocks become empty lines.
std::string without_fences(std::string_view page) {
  std::string text;
  bool inside = false;
  for (const auto line : lines_of(page)) {
    const bool fence = is_fence(line);
    if (!fence && !inside) text += line;
    if (fence) inside = !inside;
    text += '\n';
  }
  return text;
}

/// `code` within lines becomes spaces; a run of backticks ends at the next one of its length in the
/// same paragraph.
void blank_code_spans(std::string& text) {
  const auto run_at = [&](std::size_t at) {
    const auto end = text.find_first_not_of('`', at);
    return (end == std::string::npos ? text.size() : end) - at;
  };
  for (auto begin = text.find('`'); begin != std::string::npos; begin = text.find('`', begin)) {
    const auto length = run_at(begin);
    const auto paragraph_end = text.find("\n\n", begin);
    auto end = text.find('`', begin + length);
    while (end < paragraph_end && run_at(end) != length) end = text.find('`', end + run_at(end));
    if (end == std::string::npos || end >= paragraph_end) {
      begin += length;
      continue;
    }
    for (auto i = begin; i < end + length; ++i)
      if (text[i] != '\n') text[i] = ' ';
    begin = end + length;
  }
}

/// GitHub's rule: lower case, spaces become hyphens, and of the rest letters, digits, '_' and '-'
/// stay. Characters beyond ASCII count as letters in lower case, but for the blocks of signs
/// (U+00A0 to U+00BF, U+2000 to U+2BFF).
std::string slug_of(std::string heading) {
  static const std::regex link{R"(!?\[([^\]]*)\]\([^)]*\))"};
  heading = std::regex_replace(heading, link, "$1");
  std::string slug;
  for (std::size_t i = 0; i < heading.size(); ++i) {
    const auto c = static_cast<unsigned char>(heading[i]);
    const auto next = static_cast<unsigned char>(i + 1 < heading.size() ? heading[i + 1] : 0);
    if (c == 0xC2 && next < 0xC0) {
      i += 1;
    } else if (c == 0xE2 && next < 0xB0) {
      i += 2;
    } else if (c >= 'A' && c <= 'Z') {
      slug += static_cast<char>(c - 'A' + 'a');
    } else if (c == ' ') {
      slug += '-';
    } else if (c >= 0x80 || std::isalnum(c) != 0 || c == '_' || c == '-') {
      slug += static_cast<char>(c);
    }
  }
  return slug;
}

void add_matches(const std::string& text, const std::regex& pattern, std::vector<Link>& links) {
  for (std::sregex_iterator it{text.begin(), text.end(), pattern}, end; it != end; ++it) {
    const auto lines = std::count(text.begin(), text.begin() + it->position(1), '\n');
    links.push_back({it->str(1), static_cast<int>(lines) + 1});
  }
}

using Anchors = std::map<std::string, std::vector<std::string>>;  // of a page, by its path

/// The fault of a link on the page at `from`; empty where it leads somewhere.
std::string problem_of(const std::string& target, const std::string& from, const Anchors& anchors,
                       const Exists& exists) {
  static const std::regex elsewhere{"([A-Za-z][A-Za-z0-9+.-]*:|//).*"};
  if (std::regex_match(target, elsewhere)) return "";
  const auto hash = target.find('#');
  const auto path = target.substr(0, hash);
  if (target.empty() || path.starts_with('/')) return "write the path from this page";
  auto to = from;
  if (!path.empty()) {
    const auto folder = std::filesystem::path{from}.parent_path();
    to = (folder / path).lexically_normal().generic_string();
    if (to.ends_with('/')) to.pop_back();
  }
  if (to == ".." || to.starts_with("../")) return "leads out of the project";
  if (!exists(to)) return "there is no " + to;
  if (hash == std::string::npos) return "";
  const auto page = anchors.find(to);
  if (page == anchors.end()) return to + " is no page with headings";
  const auto anchor = target.substr(hash + 1);
  const auto& known = page->second;
  if (std::find(known.begin(), known.end(), anchor) == known.end())
    return to + " has no heading #" + anchor;
  return "";
}

std::string name_of(const File& file) { return file.path.substr(file.path.rfind('/') + 1); }

/// "Status: …", joined where it is wrapped; empty where it is not what follows the title.
std::string status_of(const File& decision) {
  const auto lines = lines_of(decision.text);
  if (lines.size() < 3 || !lines[1].empty() || !lines[2].starts_with("Status: ")) return "";
  std::string status;
  for (auto line = lines.begin() + 2; line != lines.end() && !line->empty(); ++line)
    status += (status.empty() ? "" : " ") + std::string{*line};
  return status;
}

/// The fault of a status; empty where there is none.
std::string problem_of_status(const File& decision, std::span<const File> all) {
  static const std::string by = R"( by \[\d{4}\]\([^)]+\))";
  static const std::regex forms{"Status: (accepted|superseded" + by +
                                "|accepted(; changed in part" + by + ": [^;]+)+)"};
  const auto status = status_of(decision);
  if (!std::regex_match(status, forms))
    return "below the title: \"Status: accepted\", \"Status: superseded by [NNNN](file)\" or "
           "\"Status: accepted; changed in part by [NNNN](file): what\"";
  static const std::regex link{R"(by \[(\d{4})\]\(([^)]+)\))"};
  const auto own = name_of(decision);
  for (std::sregex_iterator it{status.begin(), status.end(), link}, end; it != end; ++it) {
    const auto number = it->str(1), name = it->str(2);
    if (!name.starts_with(number + "-")) return number + " is not the number of " + name;
    if (name <= own) return name + " is not a later decision";
    const auto later = std::find_if(all.begin(), all.end(),
                                    [&](const File& file) { return name_of(file) == name; });
    if (later == all.end()) return "there is no " + name;
    if (later->text.find("](" + own + ")") == std::string::npos)
      return name + " does not link to " + own;
  }
  return "";
}

}  // namespace

std::vector<std::string> anchors_in(std::string_view page) {
  static const std::regex heading{R"(#{1,6}\s+(.*?)\s*#*\s*)"};
  std::vector<std::string> anchors;
  std::map<std::string, int> seen;
  const auto text = without_fences(page);
  for (const auto line : lines_of(text)) {
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_match(line.begin(), line.end(), match, heading)) continue;
    const auto slug = slug_of(match[1].str());
    const auto before = seen[slug]++;
    anchors.push_back(before == 0 ? slug : slug + "-" + std::to_string(before));
  }
  return anchors;
}

std::vector<Link> links_in(std::string_view page) {
  static const std::regex inline_link{R"re(\]\(\s*<?([^()\s<>]*)>?(?:\s+"[^"]*")?\s*\))re"};
  static const std::regex definition{R"re((?:^|\n) {0,3}\[[^\]\^\n]+\]:\s*<?([^\s<>]+))re"};
  auto text = without_fences(page);
  blank_code_spans(text);
  std::vector<Link> links;
  add_matches(text, inline_link, links);
  add_matches(text, definition, links);
  return links;
}

Findings broken_links(std::span<const File> pages, const Exists& exists) {
  Anchors anchors;
  for (const auto& page : pages) anchors[page.path] = anchors_in(page.text);
  Findings findings;
  for (const auto& page : pages)
    for (const auto& link : links_in(page.text))
      if (const auto problem = problem_of(link.target, page.path, anchors, exists);
          !problem.empty())
        findings.push_back({"broken_link", page.path, link.line, link.target + ": " + problem});
  return findings;
}

Findings broken_decisions(std::span<const File> decisions) {
  static const std::regex file_name{R"((\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md)"};
  Findings findings;
  std::map<int, const File*> by_number;
  for (const auto& decision : decisions) {
    std::smatch match;
    const auto name = name_of(decision);
    if (!std::regex_match(name, match, file_name)) {
      findings.push_back({"decision_name", decision.path, 0, "NNNN-some-words.md"});
      continue;
    }
    const int number = std::stoi(match[1].str());
    if (!by_number.emplace(number, &decision).second)
      findings.push_back({"decision_name", decision.path, 0, "its number is taken"});
    const auto title = "# " + std::to_string(number) + ". ";
    if (!decision.text.starts_with(title))
      findings.push_back({"decision_title", decision.path, 1, "begins with \"" + title + "\""});
    if (const auto problem = problem_of_status(decision, decisions); !problem.empty())
      findings.push_back({"decision_status", decision.path, 3, problem});
  }
  int expected = 1;
  for (const auto& [number, decision] : by_number) {
    if (number != expected)
      findings.push_back(
          {"decision_gap", decision->path, 0, "there is no number " + std::to_string(expected)});
    expected = number + 1;
  }
  return findings;
}

}  // namespace postrider::tidy
