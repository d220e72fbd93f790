#include "pipeline/carrier_opt_outs.hpp"

namespace postrider::pipeline {
namespace {

constexpr int max_pages = 10'000;  // a carrier that always names another one is not followed

}  // namespace

domain::Result<int> import_carrier_opt_outs(const ports::CarrierOptOuts& pages,
                                            ports::CustomerDirectory& customers,
                                            const ports::Clock& clock) {
  int fresh_ones = 0;
  std::string cursor;
  for (int i = 0; i < max_pages; ++i) {
    const auto page = pages(cursor);
    if (!page) return page.error();
    const auto known = customers.opted_out(page->numbers);
    if (!known) return known.error();
    std::vector<ports::OptOut> fresh;
    for (std::size_t n = 0; n < page->numbers.size(); ++n)
      if (!(*known)[n]) fresh.push_back({page->numbers[n], "carrier", clock.now()});
    if (!fresh.empty())
      if (const auto stored = customers.opt_out(fresh); !stored) return stored.error();
    fresh_ones += static_cast<int>(fresh.size());
    cursor = page->next;
    if (cursor.empty()) break;
  }
  return fresh_ones;
}

}  // namespace postrider::pipeline
