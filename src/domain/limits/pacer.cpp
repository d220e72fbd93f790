#include "domain/limits/pacer.hpp"

#include <algorithm>

namespace postrider::domain {

std::optional<Pacer::Time> Pacer::book(int parts, Time now, Time deadline) {
  if (limit_ == 0) return now < deadline ? std::optional{now} : std::nullopt;
  Time at = booked_.empty() ? now : std::max(now, booked_.back().at);
  while (!booked_.empty() && leaves(booked_.front()) <= at) {
    within_ -= booked_.front().parts;
    booked_.pop_front();
  }
  int counting = within_;
  for (auto oldest = booked_.begin(); oldest != booked_.end() && counting + parts > limit_;
       ++oldest) {
    at = leaves(*oldest);
    counting -= oldest->parts;
  }
  if (at >= deadline) return std::nullopt;
  booked_.push_back({at, parts});
  within_ += parts;
  return at;
}

}  // namespace postrider::domain
