#include "adapters/aws/dynamodb/database/update.hpp"

namespace postrider::adapters::aws::dynamodb {

Update::Update(const std::string& table, Json key)
    : base_{{"TableName", table}, {"Key", std::move(key)}} {}

std::string Update::name(const std::string& attribute) {
  const std::string alias = "#" + attribute;
  names_[alias] = attribute;
  return alias;
}

std::string Update::value(Json value) {
  std::string alias = ":v" + std::to_string(values_.size());
  values_[alias] = std::move(value);
  return alias;
}

void Update::part(std::string& list, std::string text) {
  if (!list.empty()) list += ", ";
  list += text;
}

Update& Update::set(const std::string& name_, Json value_) {
  part(set_, name(name_) + " = " + value(std::move(value_)));
  return *this;
}

Update& Update::set_or_remove(const std::string& name_, const Item& values) {
  const auto found = values.find(name_);
  return found == values.end() ? remove(name_) : set(name_, *found);
}

Update& Update::append(const std::string& name_, Json elements) {
  const auto alias = name(name_);
  part(set_, alias + " = list_append(if_not_exists(" + alias + ", " + value(list(Json::array())) +
                 "), " + value(list(std::move(elements))) + ")");
  return *this;
}

Update& Update::set_place(const std::string& name_, std::size_t place, Json value_) {
  part(set_, name(name_) + "[" + std::to_string(place) + "] = " + value(std::move(value_)));
  return *this;
}

Update& Update::add(const std::string& name_, std::int64_t n) {
  if (n != 0) part(add_, name(name_) + " " + value(number(n)));
  return *this;
}

Update& Update::remove(const std::string& name_) {
  part(remove_, name(name_));
  return *this;
}

Update& Update::require(std::string condition) {
  condition_ += (condition_.empty() ? "(" : " AND (") + condition + ")";
  return *this;
}

Update& Update::require_equal(const std::string& name_, Json value_) {
  return require(name(name_) + " = " + value(std::move(value_)));
}

Json Update::base() const {
  Json request = base_;
  std::string expression;
  if (!set_.empty()) expression += "SET " + set_ + " ";
  if (!remove_.empty()) expression += "REMOVE " + remove_ + " ";
  if (!add_.empty()) expression += "ADD " + add_ + " ";
  expression.pop_back();
  request["UpdateExpression"] = expression;
  if (!condition_.empty()) {
    request["ConditionExpression"] = condition_;
    request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD";
  }
  if (!names_.empty()) request["ExpressionAttributeNames"] = names_;
  if (!values_.empty()) request["ExpressionAttributeValues"] = values_;
  return request;
}

Json Update::request(const char* return_values) const {
  Json request = base();
  request["ReturnValues"] = return_values;
  return request;
}

Json Update::action() const { return {{"Update", base()}}; }

Json require_absent(const std::string& table, const Json& key) {
  return {{"ConditionCheck",
           {{"TableName", table},
            {"Key", key},
            {"ConditionExpression", "attribute_not_exists(#k)"},
            {"ExpressionAttributeNames", {{"#k", key.begin().key()}}},
            {"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}}}};
}

}  // namespace postrider::adapters::aws::dynamodb
