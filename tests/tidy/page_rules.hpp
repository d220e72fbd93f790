// The rules that the Markdown pages keep: links lead somewhere, and the decisions are an unbroken
// row that says what still holds. Each rule looks at texts alone, so that it can be tried on a bad
// sample; test_pages.cpp applies them to the whole tree. Pure.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/rules.hpp"

namespace postrider::tidy {

/// The headings of a page as GitHub names them in links ("Who may call?" → "who-may-call"), in
/// order.
std::vector<std::string> anchors_in(std::string_view page);

struct Link {
  std::string target;  // as it is written: "../aws.md#zips", "https://example.org"
  int line = 0;
};
/// The links and images of a page, those in code left out.
std::vector<Link> links_in(std::string_view page);

/// True where the project's folder has a file or folder of this path.
using Exists = std::function<bool(const std::string& path)>;

/// Links within the project that lead to no file, folder or heading. Headings are those of `pages`.
Findings broken_links(std::span<const File> pages, const Exists& exists);

/// `decisions`: all files of docs/decisions. Their numbers have no gap, titles name the number, and
/// the status is "accepted", "superseded by" a later one that is there, or "accepted; changed in
/// part by" such a one. The later one links to the earlier one, so that both say so.
Findings broken_decisions(std::span<const File> decisions);

}  // namespace postrider::tidy
