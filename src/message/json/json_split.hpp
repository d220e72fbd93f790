// A splitter of JSON texts at their first level, for documents of which one part is broken: it
// looks for strings and brackets only and reads no value. Pure; the views are of the text given.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace postrider::message {

/// The elements of an array, at most `max` and one more; nullopt where the text is not one array.
std::optional<std::vector<std::string_view>> split_json_array(std::string_view text,
                                                              std::size_t max);

/// The members of an object, each as the text of its key, with its quotes, and of its value;
/// nullopt where the text is not one object.
std::optional<std::vector<std::pair<std::string_view, std::string_view>>> split_json_object(
    std::string_view text);

}  // namespace postrider::message
