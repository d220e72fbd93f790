// The languages of messages by their ISO 639 codes, as ICU knows them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace postrider::message {

/// True where `locale` begins with the code of a language: "de", "pt-BR", "pt_br".
bool has_language(std::string_view locale);

/// The code of the language that is called so: "German", "deutsch" → "de". Empty: none is.
std::string language_called(std::string_view name);

}  // namespace postrider::message
