// Kernels of tiles against plain loops: for every length of rows, however the matrix is cut, on every instruction set.
#include "test/codegen/StoredNumbers.h"
#include "test/codegen/SweepKernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <map>
#include <random>

using namespace ravine;
using namespace ravine::test;

namespace {

constexpr int64_t RowLengths[] = {1, 9, 15, 16, 17, 31, 64, 100, 4096};

/// How memory holds numbers: f32, f64, bf16 or f16.
struct Storage {
  std::string number;
  [[nodiscard]] size_t bytes() const { return number == "f64" ? 8 : number == "f32" ? 4 : 2; }
  [[nodiscard]] std::string computed() const { return number == "f64" ? "f64" : "f32"; }

  /// `value` is one that the format has.
  void write(void *memory, double value) const {
    if (number == "f64")
      std::memcpy(memory, &value, 8);
    auto single = static_cast<float>(value);
    if (number == "f32")
      std::memcpy(memory, &single, 4);
    if (bytes() == 2) {
      auto stored = static_cast<uint16_t>(bitsOf().at(std::abs(value)) | (value < 0 ? 0x8000 : 0));
      std::memcpy(memory, &stored, 2);
    }
  }
  [[nodiscard]] double read(const void *memory) const {
    if (number == "f64")
      return std::bit_cast<double>(load<uint64_t>(memory));
    if (number == "f32")
      return std::bit_cast<float>(load<uint32_t>(memory));
    return (number == "bf16" ? bf16 : f16).value(load<uint16_t>(memory));
  }

private:
  /// Of the numbers that are not negative, in 16 bits.
  [[nodiscard]] const std::map<double, uint16_t> &bitsOf() const {
    static const std::map<double, uint16_t> tables[] = {table(bf16), table(f16)};
    return tables[number == "bf16" ? 0 : 1];
  }
  static std::map<double, uint16_t> table(const Format &format) {
    std::map<double, uint16_t> bits;
    for (uint16_t number = 0; number < format.infinity(); ++number)
      bits[format.magnitude(number)] = number;
    return bits;
  }

  template <typename Bits> static Bits load(const void *memory) {
    Bits bits;
    std::memcpy(&bits, memory, sizeof bits);
    return bits;
  }
};

/// Numbers in memory, with some behind them that nobody may touch.
class Stored {
public:
  Stored(const Storage &storage, const std::vector<double> &values)
      : storage(storage), count(values.size()), bytes((count + Guard) * storage.bytes(), Untouched) {
    for (size_t i = 0; i < count; ++i)
      storage.write(&bytes[i * storage.bytes()], values[i]);
  }
  void *data() { return bytes.data(); }
  double operator[](size_t i) const { return storage.read(&bytes[i * storage.bytes()]); }
  [[nodiscard]] bool isGuardIntact() const {
    return std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(count * storage.bytes()), bytes.end(),
                       [](unsigned char byte) { return byte == Untouched; });
  }
  friend bool operator==(const Stored &left, const Stored &right) { return left.bytes == right.bytes; }

private:
  static constexpr size_t Guard = 32;
  static constexpr unsigned char Untouched = 0x5A;
  Storage storage;
  size_t count;
  std::vector<unsigned char> bytes;
};

/// Every kind of number at once: w becomes w·r + c, with r of rows and c of columns. What is folded is w², or w, of the
/// w that was read.
SweepSource everything(const Storage &storage) {
  std::string number = storage.computed();
  bool isWide = number == "f64";
  auto narrowed = [&](const std::string &name) {
    return isWide ? std::string() : "  %" + name + "0 = arith.truncf %" + name + " : f64 to f32\n";
  };
  std::string suffix = isWide ? "" : "0";
  return {"everything_" + storage.number,
          "#sweep.buffer<parameter, \"w\", 0, element, " + storage.number +
              ", true, true>, #sweep.buffer<group, \"r\", 0, row, f64, true, false>, "
              "#sweep.buffer<group, \"c\", 1, col, f64, true, false>",
          "#sweep.reduction<sum, model, 0>, #sweep.reduction<sum, row, 2>, #sweep.reduction<max, row, 3>, "
          "#sweep.reduction<sum, col, 4>, #sweep.reduction<min, col, 5>, #sweep.reduction<max, model, 1>",
          "^bb0(%w: " + number + ", %r: f64, %c: f64):\n" + narrowed("r") + narrowed("c") + "  %p = arith.mulf %w, %r" +
              suffix + " : " + number + "\n  %y = arith.addf %p, %c" + suffix + " : " + number + "\n" +
              (isWide ? "  %x = arith.addf %w, %w : f64\n  %s = arith.mulf %w, %w : f64\n"
                        "  sweep.yield %y, %s, %s, %w, %s, %w, %w : f64, f64, f64, f64, f64, f64, f64"
                      : "  %x = arith.extf %w : f32 to f64\n  %s = arith.mulf %x, %x : f64\n"
                        "  sweep.yield %y, %s, %s, %x, %s, %x, %x : f32, f64, f64, f64, f64, f64, f64")};
}

const std::string Groups = "#ravine.set<row>, #ravine.set<col>, #ravine.set<row>, #ravine.set<row>, "
                           "#ravine.set<col>, #ravine.set<col>";

constexpr double Infinity = std::numeric_limits<double>::infinity();

/// A matrix whose last row may be short, and all that a sweep reads and gives.
struct Matrix {
  Matrix(const Storage &storage, int64_t length, int64_t count, const std::vector<double> &values)
      : length(length), count(count), rows((count + length - 1) / length), w(storage, values) {
    for (int64_t row = 0; row < rows; ++row)
      ofRows.push_back(static_cast<double>(row % 3 + 1));
    for (int64_t col = 0; col < length; ++col)
      ofCols.push_back(static_cast<double>(col % 5) - 2);
    rowSums.resize(rows, -1);
    rowMaxima.resize(rows, -1);
    colSums.resize(length, 0);
    colMinima.resize(length, Infinity);
  }

  /// One call for each tile of so many rows and columns.
  void run(ravine_tile_function kernel, int64_t tileRows, int64_t tileCols) {
    void *buffers[] = {w.data(),         ofRows.data(),  ofCols.data(),   rowSums.data(),
                       rowMaxima.data(), colSums.data(), colMinima.data()};
    for (int64_t row = 0; row < rows; row += tileRows)
      for (int64_t col = 0; col < length; col += tileCols) {
        ravine_plan_tile tile{row,  std::min(row + tileRows, rows), col, std::min(col + tileCols, length), length,
                              count};
        double partials[2];
        kernel(buffers, nullptr, &tile, partials);
        sum += partials[0];
        maximum = std::max(maximum, partials[1]);
      }
  }

  int64_t length, count, rows;
  Stored w;
  std::vector<double> ofRows, ofCols, rowSums, rowMaxima, colSums, colMinima;
  double sum = 0, maximum = -Infinity;
};

/// What `everything` does, element by element.
void runPlainly(Matrix &matrix, const Storage &storage) {
  for (int64_t row = 0; row < matrix.rows; ++row) {
    matrix.rowSums[row] = 0;
    matrix.rowMaxima[row] = -Infinity;
  }
  for (int64_t i = 0; i < matrix.count; ++i) {
    int64_t row = i / matrix.length, col = i % matrix.length;
    double w = matrix.w[i];
    matrix.rowSums[row] += w * w;
    matrix.rowMaxima[row] = std::max(matrix.rowMaxima[row], w);
    matrix.colSums[col] += w * w;
    matrix.colMinima[col] = std::min(matrix.colMinima[col], w);
    matrix.sum += w * w;
    matrix.maximum = std::max(matrix.maximum, w);
    double product = w * matrix.ofRows[row];
    if (storage.computed() == "f32")
      product = static_cast<float>(product);
    double next = product + matrix.ofCols[col];
    if (storage.computed() == "f32")
      next = static_cast<float>(next);
    storage.write(static_cast<char *>(matrix.w.data()) + i * storage.bytes(), next);
  }
}

std::vector<double> numbers(int64_t count, bool isWhole) {
  std::mt19937 random(static_cast<uint32_t>(count));
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(isWhole ? static_cast<double>(random() % 17) - 8
                             : std::ldexp(static_cast<double>(random() % 2000001) - 1000000, -20));
  return values;
}

const std::vector<Storage> &storages() {
  static const std::vector<Storage> all{{"f32"}, {"f64"}, {"bf16"}, {"f16"}};
  return all;
}

SweepKernels kernelsOfEverything(const CpuTarget &target) {
  std::vector<SweepSource> sweeps;
  for (const Storage &storage : storages())
    sweeps.push_back(everything(storage));
  return SweepKernels(sweeps, target, Groups);
}

} // namespace

// Sums of small whole numbers are exact in any order, and every format has the results.
TEST(TileKernels, AgreeWithPlainLoops) {
  for (const CpuTarget *target : runnableTargets()) {
    SweepKernels kernels = kernelsOfEverything(*target);
    for (const Storage &storage : storages()) {
      ravine_tile_function kernel = kernels.findTiles("everything_" + storage.number);
      for (int64_t length : RowLengths)
        for (int64_t count : {length * 5, length * 5 - length / 2, length, int64_t(1)}) {
          SCOPED_TRACE(target->name.str() + " " + storage.number + " rows of " + std::to_string(length) + " in " +
                       std::to_string(count));
          Matrix expected(storage, length, count, numbers(count, /*isWhole=*/true)), actual = expected;
          runPlainly(expected, storage);
          actual.run(kernel, /*tileRows=*/2, length);
          EXPECT_TRUE(actual.w == expected.w);
          EXPECT_TRUE(actual.w.isGuardIntact());
          EXPECT_EQ(actual.rowSums, expected.rowSums);
          EXPECT_EQ(actual.rowMaxima, expected.rowMaxima);
          EXPECT_EQ(actual.colSums, expected.colSums);
          EXPECT_EQ(actual.colMinima, expected.colMinima);
          EXPECT_EQ(actual.sum, expected.sum);
          EXPECT_EQ(actual.maximum, expected.maximum);
        }
    }
  }
}

// Numbers whose sum depends on the order: that of a row is one of its own, and a column is added from the first row to
// the last. The same on every instruction set.
TEST(TileKernels, DoNotDependOnTheCut) {
  std::vector<SweepKernels> kernels;
  for (const CpuTarget *target : runnableTargets())
    kernels.push_back(kernelsOfEverything(*target));
  for (const Storage &storage : {Storage{"f32"}, Storage{"f64"}})
    for (int64_t length : RowLengths) {
      int64_t count = length * 7 - length / 3;
      Matrix start(storage, length, count, numbers(count, /*isWhole=*/false));
      Matrix whole = start, plain = start;
      runPlainly(plain, storage);
      whole.run(kernels.front().findTiles("everything_" + storage.number), 7, length);
      EXPECT_EQ(whole.colSums, plain.colSums);
      for (int64_t row = 0; row < whole.rows; ++row)
        EXPECT_NEAR(whole.rowSums[row], plain.rowSums[row], 1e-14 * plain.rowSums[row]);
      for (size_t target = 0; target < kernels.size(); ++target)
        for (int64_t tileRows : {1, 2, 3, 5}) {
          SCOPED_TRACE(runnableTargets()[target]->name.str() + " " + storage.number + " rows of " +
                       std::to_string(length) + " by " + std::to_string(tileRows));
          Matrix cut = start;
          cut.run(kernels[target].findTiles("everything_" + storage.number), tileRows, length);
          EXPECT_TRUE(cut.w == whole.w);
          EXPECT_EQ(cut.rowSums, whole.rowSums);
          EXPECT_EQ(cut.rowMaxima, whole.rowMaxima);
          EXPECT_EQ(cut.colSums, whole.colSums);
        }
    }
}

// Where nothing is folded over rows, tiles may be some columns of them.
TEST(TileKernels, TakeSomeColumns) {
  Storage storage{"f32"};
  SweepSource columns = everything(storage);
  columns.name = "columns";
  columns.reductions = "#sweep.reduction<sum, model, 0>, #sweep.reduction<sum, col, 4>, #sweep.reduction<min, col, 5>, "
                       "#sweep.reduction<max, model, 1>";
  columns.body.replace(columns.body.find("sweep.yield"), std::string::npos,
                       "sweep.yield %y, %s, %s, %x, %x : f32, f64, f64, f64, f64");
  for (const CpuTarget *target : runnableTargets()) {
    SweepKernels kernels({columns}, *target, Groups);
    ravine_tile_function kernel = kernels.findTiles("columns");
    for (int64_t length : RowLengths)
      for (int64_t tileCols : {1, 7, 16, 48}) {
        SCOPED_TRACE(target->name.str() + " rows of " + std::to_string(length) + " by " + std::to_string(tileCols));
        int64_t count = length * 5;
        Matrix expected(storage, length, count, numbers(count, /*isWhole=*/false)), actual = expected;
        runPlainly(expected, storage);
        void *buffers[] = {actual.w.data(), actual.ofRows.data(), actual.ofCols.data(), actual.colSums.data(),
                           actual.colMinima.data()};
        double maximum = -Infinity;
        for (int64_t col = 0; col < length; col += tileCols)
          for (int64_t row : {0, 3}) {
            ravine_plan_tile tile{row, row == 0 ? 3 : 5, col, std::min(col + tileCols, length), length, count};
            double partials[2];
            kernel(buffers, nullptr, &tile, partials);
            maximum = std::max(maximum, partials[1]);
          }
        EXPECT_TRUE(actual.w == expected.w);
        EXPECT_EQ(actual.colSums, expected.colSums);
        EXPECT_EQ(actual.colMinima, expected.colMinima);
        EXPECT_EQ(maximum, expected.maximum);
      }
  }
}

// Short rows are not walked one by one where nothing is folded; the last of them may be shorter still.
TEST(TileKernels, SpreadNumbersOfRows) {
  std::string buffers = "#sweep.buffer<parameter, \"w\", 0, element, f32, true, true>, "
                        "#sweep.buffer<group, \"n\", 0, row, f64, true, false>";
  std::string body = "^bb0(%w: f32, %n: f64):\n  %m = arith.truncf %n : f64 to f32\n"
                     "  %q = arith.divf %w, %m : f32\n  sweep.yield %q : f32";
  SweepSource spread{"spread", buffers, "", body, "", /*isPass=*/true};
  for (const CpuTarget *target : runnableTargets()) {
    SweepKernels kernels({spread}, *target, "#ravine.set<row>");
    for (int64_t length : {1, 2, 7, 9, 16, 25, 47, 48, 64}) {
      SCOPED_TRACE(target->name.str() + " rows of " + std::to_string(length));
      const int64_t Rows = 37, count = length * Rows - length / 3;
      std::vector<float> values, expected;
      std::vector<double> ofRows;
      for (int64_t i = 0; i < count; ++i) {
        if (i % length == 0)
          ofRows.push_back(1.1 * static_cast<double>(i + 1));
        values.push_back(static_cast<float>(i + 1) / 7);
        expected.push_back(values.back() / static_cast<float>(ofRows.back()));
      }
      void *memory[] = {values.data(), ofRows.data()};
      for (int64_t row = 0; row < Rows; row += 10) {
        ravine_plan_tile tile{row, std::min<int64_t>(row + 10, Rows), 0, length, length, count};
        kernels.findTiles("spread")(memory, nullptr, &tile, nullptr);
      }
      EXPECT_EQ(values, expected);
    }
  }
}

// Passes fetch the next tile besides: that there is none must not matter, nor what they read in its place.
TEST(TileKernels, GoOverATileSeveralTimes) {
  std::string w = "#sweep.buffer<parameter, \"w\", 0, element, f32, true, ";
  std::vector<SweepSource> passes{
      {"squares", w + "false>", "#sweep.reduction<sum, row, 0>",
       "^bb0(%w: f32):\n  %x = arith.extf %w : f32 to f64\n  %s = arith.mulf %x, %x : f64\n  sweep.yield %s : f64", "",
       /*isPass=*/true},
      {"norms",
       "#sweep.buffer<group, \"s\", 0, row, f64, true, false>, #sweep.buffer<group, \"n\", 1, row, f64, false, true>",
       "#sweep.reduction<sum, model, 3>", "^bb0(%s: f64):\n  %n = math.sqrt %s : f64\n  sweep.yield %n, %n : f64, f64",
       "<row>", /*isPass=*/true},
      {"divided", w + "true>, #sweep.buffer<group, \"n\", 1, row, f64, true, false>", "",
       "^bb0(%w: f32, %n: f64):\n  %m = arith.truncf %n : f64 to f32\n  %q = arith.divf %w, %m : f32\n"
       "  sweep.yield %q : f32",
       "", /*isPass=*/true}};
  for (const CpuTarget *target : runnableTargets()) {
    SweepKernels kernels(passes, *target, "#ravine.set<row>, #ravine.set<row>");
    constexpr int64_t Length = 4, Rows = 1001;
    std::vector<float> values;
    for (int64_t row = 0; row < Rows; ++row) // rows of norm 5·(row + 1), twice 2, 1, 4
      for (float value : {2.0F, -1.0F, 4.0F, 2.0F})
        values.push_back(value * static_cast<float>(row + 1));
    std::vector<double> squares(Rows), norms(Rows);
    double sum = 0;
    for (int64_t row = 0; row < Rows; row += 100) {
      int64_t end = std::min(row + 100, Rows);
      ravine_plan_tile tile{row, end, 0, Length, Length, Length * Rows};
      void *ofSquares[] = {values.data(), squares.data()}, *ofNorms[] = {squares.data(), norms.data()},
           *ofDivided[] = {values.data(), norms.data()};
      double partial;
      kernels.findTiles("squares")(ofSquares, nullptr, &tile, nullptr);
      kernels.find("norms")(ofNorms, nullptr, row, end, &partial);
      kernels.findTiles("divided")(ofDivided, nullptr, &tile, nullptr);
      sum += partial;
    }
    for (int64_t row = 0; row < Rows; ++row) {
      EXPECT_EQ(norms[row], 5.0 * static_cast<double>(row + 1));
      EXPECT_EQ(values[row * Length], 2.0F / 5);
      EXPECT_EQ(values[row * Length + 1], -1.0F / 5);
    }
    EXPECT_EQ(sum, 5.0 * Rows * (Rows + 1) / 2);
  }
}

// States of groups are stored as states of elements are, and computed in f64.
TEST(GroupKernels, ConvertWhatMemoryStores) {
  for (const CpuTarget *target : runnableTargets())
    for (const Storage &storage : storages()) {
      SweepSource average{
          "average",
          "#sweep.buffer<state, \"s\", 0, row, " + storage.number +
              ", true, true>, #sweep.buffer<group, \"n\", 0, row, f64, true, false>",
          "#sweep.reduction<max, model, 0>",
          "^bb0(%s: f64, %n: f64):\n  %half = arith.constant 0.5 : f64\n  %a = arith.addf %s, %n : f64\n"
          "  %h = arith.mulf %a, %half : f64\n  sweep.yield %h, %a : f64, f64",
          "<row>"};
      SweepKernels kernels({average}, *target, "#ravine.set<row>");
      for (int64_t count : {1, 7, 8, 9, 100, 1000}) {
        SCOPED_TRACE(target->name.str() + " " + storage.number + " " + std::to_string(count));
        std::vector<double> before, added;
        for (int64_t i = 0; i < count; ++i) {
          before.push_back(static_cast<double>(i % 13));
          added.push_back(static_cast<double>(i % 5) - 2);
        }
        Stored state(storage, before);
        void *buffers[] = {state.data(), added.data()};
        double maximum;
        kernels.find("average")(buffers, nullptr, 0, count, &maximum);
        double expected = -Infinity;
        for (int64_t i = 0; i < count; ++i) {
          EXPECT_EQ(state[i], (before[i] + added[i]) / 2);
          expected = std::max(expected, before[i] + added[i]);
        }
        EXPECT_EQ(maximum, expected);
        EXPECT_TRUE(state.isGuardIntact());
      }
    }
}
