// Dense tensors: row-major memory with a shape, owned (Tensor) or looked at (TensorView), and its Eigen maps.
#pragma once

#include "runtime/nn/Shape.h"

#include <Eigen/Core>
#include <algorithm>
#include <memory>
#include <new>
#include <type_traits>

namespace ravine::nn {

/// Owning storage starts at a multiple of this many bytes: a cache line, and the widest vector register.
inline constexpr size_t storageAlignment = 64;

/// `count` rounded up so that what follows it in the same storage is aligned as well.
template <typename T> [[nodiscard]] constexpr int64_t alignedCount(int64_t count) {
  constexpr int64_t unit = storageAlignment / sizeof(T);
  return (count + unit - 1) / unit * unit;
}

template <typename T>
using Matrix = Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <typename T> using Vector = Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, 1>;

/// A map of row-major memory: of mutable elements for T, of constant ones for const T.
template <typename T> using MatrixMap = Eigen::Map<std::conditional_t<std::is_const_v<T>, const Matrix<T>, Matrix<T>>>;
template <typename T> using VectorMap = Eigen::Map<std::conditional_t<std::is_const_v<T>, const Vector<T>, Vector<T>>>;

/// Row-major memory that somebody else owns. A view without data stands for "not wanted" where a function says so.
template <typename T> class TensorView {
public:
  TensorView() = default;
  TensorView(T *data, const Shape &shape) : elements(data), extents(shape) {}

  /// Whoever may write may also read.
  operator TensorView<const T>() const
    requires(!std::is_const_v<T>)
  {
    return {elements, extents};
  }

  [[nodiscard]] T *data() const { return elements; }
  [[nodiscard]] const Shape &shape() const { return extents; }
  [[nodiscard]] int64_t count() const { return extents.count(); }
  [[nodiscard]] bool isPresent() const { return elements != nullptr; }
  [[nodiscard]] std::span<T> span() const { return {elements, static_cast<size_t>(count())}; }

  /// All elements as a column.
  [[nodiscard]] VectorMap<T> vector() const { return {elements, count()}; }

  /// The elements as `rows` × `columns`, which must be as many as there are.
  [[nodiscard]] MatrixMap<T> matrix(int64_t rows, int64_t columns) const {
    eigen_assert(rows * columns == count());
    return {elements, rows, columns};
  }

  /// One row per value of the first axis. The view must have one.
  [[nodiscard]] MatrixMap<T> rows() const { return {elements, extents[0], extents.example().count()}; }

  /// The value at `index` of the first axis.
  [[nodiscard]] TensorView operator[](int64_t index) const {
    const Shape one = extents.example();
    return {elements + index * one.count(), one};
  }

private:
  T *elements = nullptr;
  Shape extents;
};

/// A tensor that owns its memory. Elements are zero at first. Moving keeps the address of the elements.
template <typename T> class Tensor {
public:
  Tensor() = default;
  explicit Tensor(const Shape &shape) : extents(shape), elements(allocate(shape.count())) {}

  [[nodiscard]] T *data() { return elements.get(); }
  [[nodiscard]] const T *data() const { return elements.get(); }
  [[nodiscard]] const Shape &shape() const { return extents; }
  [[nodiscard]] int64_t count() const { return extents.count(); }
  [[nodiscard]] std::span<T> span() { return view().span(); }
  [[nodiscard]] std::span<const T> span() const { return view().span(); }

  [[nodiscard]] TensorView<T> view() { return {data(), extents}; }
  [[nodiscard]] TensorView<const T> view() const { return {data(), extents}; }

  /// The first `count` values of the first axis.
  [[nodiscard]] TensorView<T> first(int64_t count) { return {data(), extents.example().batchOf(count)}; }

  void setZero() { std::ranges::fill(span(), T(0)); }

private:
  struct Release {
    void operator()(T *memory) const { ::operator delete[](memory, std::align_val_t(storageAlignment)); }
  };

  static T *allocate(int64_t count) {
    const auto size = static_cast<size_t>(std::max<int64_t>(count, 1));
    auto *memory = static_cast<T *>(::operator new[](size * sizeof(T), std::align_val_t(storageAlignment)));
    std::fill_n(memory, size, T(0));
    return memory;
  }

  Shape extents{0};
  std::unique_ptr<T[], Release> elements;
};

} // namespace ravine::nn
