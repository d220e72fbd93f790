// An UpdateItem request, or the Update of a transaction, built step by step. For one thread. All
// names are aliases, because some hundred words are reserved.
#pragma once

#include <string>

#include "adapters/aws/dynamodb/database/item.hpp"

namespace postrider::adapters::aws::dynamodb {

class Update {
 public:
  Update(const std::string& table, Json key);

  Update& set(const std::string& name, Json value);
  /// Sets the attribute to its value in `values`, or removes it where it is absent there.
  Update& set_or_remove(const std::string& name, const Item& values);
  Update& append(const std::string& name, Json elements);
  /// Sets one place of a list; the next one where the list is shorter.
  Update& set_place(const std::string& name, std::size_t place, Json value);
  Update& add(const std::string& name, std::int64_t n);
  Update& remove(const std::string& name);
  /// Adds a condition, joined with AND. Conditions use name() and value().
  Update& require(std::string condition);
  Update& require_equal(const std::string& name, Json value);

  /// The alias of an attribute, such as "#state".
  std::string name(const std::string& attribute);
  /// The alias of a value, such as ":v3".
  std::string value(Json value);

  /// True where the update would change nothing, which DynamoDB refuses.
  bool empty() const { return set_.empty() && add_.empty() && remove_.empty(); }
  /// The request of UpdateItem, with ReturnValues and the found item where the condition fails.
  Json request(const char* return_values) const;
  /// The action for TransactItems.
  Json action() const;

 private:
  Json base() const;
  void part(std::string& list, std::string text);

  Json base_;
  Json names_ = Json::object();
  Json values_ = Json::object();
  std::string set_, add_, remove_, condition_;
};

/// A ConditionCheck that there is no such item.
Json require_absent(const std::string& table, const Json& key);

}  // namespace postrider::adapters::aws::dynamodb
