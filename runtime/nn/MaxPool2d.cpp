// The largest value of each window of an image.
#include "runtime/nn/MaxPool2d.h"

namespace ravine::nn {

namespace {

// Which value of a window is the largest is nobody's guess, the branch predictor's neither: the inner loops have no
// branches, so that the compiler can run them in vector registers.

/// One row of windows: y[j] becomes the largest of the window with its corner at x[j·stride]. Extent is int64_t or,
/// where the compiler may know the number, a std::integral_constant.
template <typename T, typename Extent>
void poolRow(const T *__restrict x, int64_t rowLength, T *__restrict y, int64_t windows, Extent kernel, Extent stride) {
  for (int64_t j = 0; j < windows; ++j) {
    const T *corner = x + j * stride;
    T largest = corner[0];
    for (int64_t r = 0; r < kernel; ++r)
      for (int64_t s = 0; s < kernel; ++s) {
        const T value = corner[r * rowLength + s];
        const bool isLarger = (value > largest) | (value != value);
        largest = isLarger ? value : largest;
      }
    y[j] = largest;
  }
}

/// The way back: adds dy[j] to dx where the first value of window j stands that is its largest.
template <typename T, typename Extent>
void spreadRow(const T *__restrict x, int64_t rowLength, const T *__restrict y, const T *__restrict dy,
               T *__restrict dx, int64_t windows, Extent kernel, Extent stride) {
  for (int64_t j = 0; j < windows; ++j) {
    T left = dy[j];
    for (int64_t r = 0; r < kernel; ++r)
      for (int64_t s = 0; s < kernel; ++s) {
        const int64_t place = j * stride + r * rowLength + s;
        const bool isLargest = (x[place] == y[j]) | (x[place] != x[place]);
        dx[place] += isLargest ? left : T(0);
        left = isLargest ? T(0) : left;
      }
  }
}

/// Calls visit(offset of the row's first corner in x, offset of the row's first window in y) for each row of windows of
/// every plane of every image.
template <typename Visit> void forEachRow(const Shape &x, const Shape &y, int64_t stride, Visit visit) {
  int64_t window = 0;
  for (int64_t plane = 0; plane < x[0] * x[1]; ++plane)
    for (int64_t i = 0; i < y[2]; ++i, window += y[3])
      visit((plane * x[2] + i * stride) * x[3], window);
}

/// Calls visit(kernel, stride) with compile-time numbers for the usual windows.
template <typename Visit> void withExtents(int64_t kernel, int64_t stride, Visit visit) {
  if (kernel == 2 && stride == 2)
    visit(std::integral_constant<int64_t, 2>(), std::integral_constant<int64_t, 2>());
  else
    visit(kernel, stride);
}

} // namespace

template <typename T> MaxPool2d<T>::MaxPool2d(int64_t kernel, int64_t stride) : kernel(kernel), stride(stride) {
  if (kernel < 1 || stride < 1)
    throw std::invalid_argument("max_pool2d: kernel and stride are at least 1");
}

template <typename T> Shape MaxPool2d<T>::outputShape(const Shape &input) const {
  if (input.rank() != 3 || input[1] < kernel || input[2] < kernel)
    throw std::invalid_argument("takes [channels, height, width] with both at least " + std::to_string(kernel) +
                                ", not " + toString(input));
  return {input[0], (input[1] - kernel) / stride + 1, (input[2] - kernel) / stride + 1};
}

template <typename T> void MaxPool2d<T>::computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T>) const {
  const int64_t rowLength = x.shape()[3], windows = y.shape()[3];
  withExtents(kernel, stride, [&](auto size, auto step) {
    forEachRow(x.shape(), y.shape(), stride, [&](int64_t corner, int64_t window) {
      poolRow(x.data() + corner, rowLength, y.data() + window, windows, size, step);
    });
  });
}

template <typename T>
void MaxPool2d<T>::computeGradients(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy,
                                    TensorView<T> dx, std::span<const TensorView<T>>, std::span<T>) const {
  if (!dx.isPresent())
    return;
  std::ranges::fill(dx.span(), T(0));
  const int64_t rowLength = x.shape()[3], windows = y.shape()[3];
  withExtents(kernel, stride, [&](auto size, auto step) {
    forEachRow(x.shape(), y.shape(), stride, [&](int64_t corner, int64_t window) {
      spreadRow(x.data() + corner, rowLength, y.data() + window, dy.data() + window, dx.data() + corner, windows, size,
                step);
    });
  });
}

template class MaxPool2d<float>;
template class MaxPool2d<double>;

} // namespace ravine::nn
