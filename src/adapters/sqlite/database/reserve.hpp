// Disk space that is set aside: when the disk is full, it is given back for the outcomes of
// messages that are under way (answers, receipts). New orders are refused until the space is set
// aside again. Not thread-safe.
#pragma once

#include <string>

namespace postrider::adapters::sqlite {

class Reserve {
 public:
  /// `path`: the file that takes the space.
  explicit Reserve(std::string path) : path_{std::move(path)} {}

  /// Sets the space aside; false where the disk has too little left.
  bool fill();
  /// True while the space is set aside.
  bool filled() const { return filled_; }
  /// Gives the space back to the file system; false where none was set aside.
  bool release();

 private:
  // One mebibyte: an update of a row mostly rewrites pages that exist, so the space is for the log
  // and for new rows of attempts.
  static constexpr long size = 1 << 20;

  std::string path_;
  bool filled_ = false;
};

}  // namespace postrider::adapters::sqlite
