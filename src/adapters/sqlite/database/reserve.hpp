// Disk space set aside, so that when the disk is full the outcomes of what is already under way
// (answers, receipts) can still be written. New orders are refused until it could be set aside
// again. Not thread-safe.
#pragma once

#include <string>

namespace postrider::adapters::sqlite {

class Reserve {
 public:
  explicit Reserve(std::string path) : path_{std::move(path)} {}

  /// Sets the space aside; false when the disk has too little left.
  bool fill();
  bool filled() const { return filled_; }
  /// Gives the space back to the file system; false when there was none.
  bool release();

 private:
  // A row update mostly rewrites pages that exist; this is for the log and for new attempt rows.
  static constexpr long size = 1 << 20;

  std::string path_;
  bool filled_ = false;
};

}  // namespace postrider::adapters::sqlite
