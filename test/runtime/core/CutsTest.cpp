// How tensors are cut: chunks cover every element once, tiles every row of a chunk, strips every chunk.
#include "runtime/core/Cuts.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

namespace ravine::core {

namespace {

struct CutCase {
  int64_t count;
  CutNeeds needs;
};

std::vector<CutCase> cases() {
  std::vector<CutCase> all;
  for (bool keepsRows : {true, false})
    for (bool hasTiles : {true, false})
      for (auto [count, rowLength] : {std::pair<int64_t, int64_t>{0, 1},
                                      {1, 1},
                                      {200001, 1},
                                      {300000, 300},
                                      {300000, 100000},
                                      {4'000'000, 1'000'000},
                                      {3'000'000, 3},
                                      {65536 * 3, 65536},
                                      {65537 * 3, 65537},
                                      {70003, 4},
                                      {5, 64}})
        all.push_back({count, {rowLength, keepsRows, hasTiles}});
  return all;
}

TEST(Cuts, ChunksCoverEveryElementOnce) {
  for (const auto &[count, needs] : cases()) {
    const Cut cut(count, needs);
    std::vector<uint8_t> seen(static_cast<size_t>(count));
    for (size_t n = 0; n < cut.chunkCount(); ++n) {
      const ravine_plan_tile chunk = cut.chunk(n);
      const ElementRange range = elementsOf(chunk);
      ASSERT_LT(range.first, range.last);
      ASSERT_TRUE(range.last - range.first <= chunkElements ||
                  (needs.keepsRows && chunk.last_row == chunk.first_row + 1));
      ASSERT_TRUE(!needs.keepsRows || (chunk.first_col == 0 && chunk.last_col == needs.rowLength));
      for (int64_t i = range.first; i < range.last; ++i)
        ASSERT_EQ(seen[static_cast<size_t>(i)]++, 0) << count << " in rows of " << needs.rowLength;
    }
    ASSERT_EQ(std::count(seen.begin(), seen.end(), 1), count);
  }
}

TEST(Cuts, TilesCoverTheirChunkInOrder) {
  for (const auto &[count, needs] : cases()) {
    const Cut cut(count, needs);
    for (size_t n = 0; n < cut.chunkCount(); ++n) {
      const ravine_plan_tile chunk = cut.chunk(n);
      int64_t row = chunk.first_row, tiles = 0;
      cut.forEachTile(chunk, [&](const ravine_plan_tile &tile) {
        ASSERT_EQ(tile.first_row, row);
        ASSERT_GT(tile.last_row, tile.first_row);
        row = tile.last_row;
        ++tiles;
      });
      ASSERT_EQ(row, chunk.last_row);
      ASSERT_TRUE(needs.hasTiles || tiles == 1);
    }
  }
}

TEST(Cuts, StripsCoverChunksInOrderAndShareNoColumnOfAnArray) {
  for (const auto &[count, needs] : cases()) {
    const Cut cut(count, needs);
    std::vector<std::vector<uint8_t>> arrays(cut.arrayCount());
    size_t next = 0;
    for (size_t n = 0; n < cut.stripCount(); ++n) {
      const Cut::Strip strip = cut.strip(n);
      ASSERT_EQ(strip.first, next);
      ASSERT_GT(strip.last, strip.first);
      ASSERT_LT(strip.array, cut.arrayCount());
      next = strip.last;
      const ravine_plan_tile columns = cut.chunk(strip.first);
      std::vector<uint8_t> &array = arrays[strip.array];
      array.resize(static_cast<size_t>(needs.rowLength));
      for (int64_t column = columns.first_col; column < columns.last_col; ++column)
        ASSERT_EQ(array[static_cast<size_t>(column)]++, 0);
      for (size_t chunk = strip.first; chunk < strip.last; ++chunk)
        ASSERT_EQ(cut.chunk(chunk).first_col, columns.first_col);
    }
    ASSERT_EQ(next, cut.chunkCount());
    // Bounded memory: a fraction of the tensor's own where there is more than one array.
    ASSERT_TRUE(cut.arrayCount() <= 1 || int64_t{cut.arrayCount()} * needs.rowLength * 64 <= count);
  }
}

} // namespace

} // namespace ravine::core
