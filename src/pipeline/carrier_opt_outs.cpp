#include "pipeline/carrier_opt_outs.hpp"

namespace postrider::pipeline {
namespace {

constexpr int max_pages =
    10'000;  // ends the import from a carrier that always names a further page

}  // namespace

domain::Result<int> import_carrier_opt_outs(const ports::CarrierOptOuts& pages,
                                            ports::CustomerDirectory& customers,
                                            const ports::Clock& clock) {
  int imported = 0;
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
    imported += static_cast<int>(fresh.size());
    cursor = page->next;
    if (cursor.empty()) break;
  }
  return imported;
}

}  // namespace postrider::pipeline
