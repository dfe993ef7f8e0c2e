// Checking tensor descriptions.
#include "runtime/core/Tensors.h"

#include "runtime/core/Names.h"

#include <algorithm>
#include <cstdint>

namespace ravine::core {

namespace {

const char *dtypeName(ravine_dtype dtype) {
  switch (dtype) {
  case RAVINE_F32:
    return "f32";
  case RAVINE_F64:
    return "f64";
  case RAVINE_BF16:
    return "bf16";
  case RAVINE_F16:
    return "f16";
  default:
    return "unknown";
  }
}

/// Memory is contiguous and row-major. Strides say nothing where no two elements lie along an axis.
ravine_status checkStrides(const ravine_tensor &tensor, const char *name, Error error) {
  if (tensor.strides == nullptr || std::find(tensor.shape, tensor.shape + tensor.rank, 0) != tensor.shape + tensor.rank)
    return RAVINE_OK;
  int64_t contiguous = 1;
  for (uint32_t axis = tensor.rank; axis-- > 0;) {
    if (tensor.shape[axis] != 1 && tensor.strides[axis] != contiguous)
      return error(RAVINE_ERROR_TENSOR, Sentence()
                                            << "tensor " << Quoted{name} << " is not contiguous: its stride on axis "
                                            << axis << " is " << tensor.strides[axis] << ", not " << contiguous);
    contiguous *= tensor.shape[axis];
  }
  return RAVINE_OK;
}

/// Checks rank, extents and strides, and counts the elements.
ravine_status checkShape(const ravine_tensor &tensor, const char *name, int64_t &count, Error error) {
  if (tensor.rank > 0 && tensor.shape == nullptr)
    return error(RAVINE_ERROR_TENSOR,
                 Sentence() << "tensor " << Quoted{name} << " has rank " << tensor.rank << " but its shape is null");
  bool overflows = false, isEmpty = false;
  count = 1;
  for (uint32_t axis = 0; axis < tensor.rank; ++axis) {
    int64_t extent = tensor.shape[axis];
    if (extent < 0)
      return error(RAVINE_ERROR_TENSOR,
                   Sentence() << "tensor " << Quoted{name} << " has extent " << extent << " on axis " << axis);
    isEmpty |= extent == 0;
    overflows |= __builtin_mul_overflow(count, extent, &count);
  }
  constexpr int64_t mostElements = PTRDIFF_MAX / sizeof(double);
  if (isEmpty)
    count = 0;
  else if (overflows || count > mostElements)
    return error(RAVINE_ERROR_TENSOR, Sentence()
                                          << "tensor " << Quoted{name} << " has more elements than memory can hold");
  return checkStrides(tensor, name, error);
}

ravine_status findPrecision(const ravine_tensor &tensor, const ravine_optimizer_info &optimizer, uint32_t &precision,
                            Error error) {
  for (ravine_dtype dtype : {tensor.parameter_dtype, tensor.gradient_dtype})
    if (dtypeSize(dtype) == 0)
      return error(RAVINE_ERROR_TENSOR,
                   Sentence() << "tensor " << Quoted{tensor.name} << " has dtype " << dtype << ", which is none");
  for (uint32_t i = 0; i < optimizer.precision_count; ++i) {
    const ravine_precision_info &candidate = optimizer.precisions[i];
    if (candidate.parameter == tensor.parameter_dtype && candidate.gradient == tensor.gradient_dtype) {
      precision = i;
      return RAVINE_OK;
    }
  }
  const char *parameter = dtypeName(tensor.parameter_dtype), *gradient = dtypeName(tensor.gradient_dtype);
  bool isMixed = tensor.parameter_dtype != tensor.gradient_dtype;
  Sentence sentence;
  sentence << "tensor " << Quoted{tensor.name} << " has parameter " << parameter << " and gradient " << gradient
           << ", but " << optimizer.name << " was built for "
           << NameList::of(optimizer.precisions, optimizer.precision_count) << ": rebuild it with --precision=";
  for (size_t i = 0; i < optimizer.precision_count; ++i)
    sentence << optimizer.precisions[i].name << ",";
  sentence << parameter << (isMixed ? "/" : "") << (isMixed ? gradient : "");
  return error(RAVINE_ERROR_PRECISION, sentence);
}

ravine_status checkRowAxes(const ravine_tensor &tensor, Error error) {
  if (tensor.row_axes == 0 || tensor.row_axes < tensor.rank)
    return RAVINE_OK;
  return error(RAVINE_ERROR_TENSOR, Sentence() << "tensor " << Quoted{tensor.name} << " has rank " << tensor.rank
                                               << " and row_axes " << tensor.row_axes
                                               << ", which leaves no axis for the columns");
}

/// 0 stands for 1, where there are rows at all.
uint32_t rowAxesOf(const ravine_tensor &tensor) {
  return tensor.rank < 2 ? 0 : std::max(1u, tensor.row_axes);
}

/// Extents multiplied: in f64, for beside an extent of 0 they may be anything.
double extentsOf(const ravine_tensor &tensor, uint32_t firstAxis, uint32_t lastAxis) {
  double product = 1;
  for (uint32_t axis = firstAxis; axis < lastAxis; ++axis)
    product *= static_cast<double>(tensor.shape[axis]);
  return product;
}

void describeMatrix(const ravine_tensor &tensor, Tensor &kept) {
  kept.rowAxes = rowAxesOf(tensor);
  if (tensor.rank < 2)
    return;
  kept.rows = extentsOf(tensor, 0, kept.rowAxes);
  kept.cols = extentsOf(tensor, kept.rowAxes, tensor.rank);
  kept.channels = static_cast<double>(tensor.shape[kept.rowAxes]);
}

struct Shape {
  const int64_t *extents;
  uint32_t rank;
};

Sentence &operator<<(Sentence &sentence, Shape shape) {
  sentence << "[";
  for (uint32_t axis = 0; axis < shape.rank; ++axis)
    sentence << (axis == 0 ? "" : ", ") << shape.extents[axis];
  return sentence << "]";
}

template <typename Value> Sentence changed(const Tensor &tensor, const char *what, Value before, Value now) {
  Sentence sentence;
  sentence << "tensor " << Quoted{tensor.name} << " had " << what << " " << before << " at creation and has " << now
           << " now";
  return sentence;
}

ravine_status outOfMemory(Error error) {
  return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the descriptions of the tensors");
}

} // namespace

size_t dtypeSize(ravine_dtype dtype) {
  switch (dtype) {
  case RAVINE_F64:
    return 8;
  case RAVINE_F32:
    return 4;
  case RAVINE_BF16:
  case RAVINE_F16:
    return 2;
  default:
    return 0;
  }
}

int64_t memberCount(const Tensor &tensor, uint32_t set, uint32_t blockSize) {
  if (tensor.count == 0)
    return 0;
  switch (set) {
  case RAVINE_PER_BLOCK:
    return (tensor.count + blockSize - 1) / blockSize;
  case RAVINE_PER_ROW:
    return static_cast<int64_t>(tensor.rows);
  case RAVINE_PER_COL:
    return static_cast<int64_t>(tensor.cols);
  case RAVINE_PER_CHANNEL:
    return static_cast<int64_t>(tensor.channels);
  case RAVINE_PER_ELEMENT:
    return tensor.count;
  default:
    return 1;
  }
}

ravine_status TensorTable::initialize(const HostStructs<ravine_tensor> &described, uint32_t groupCount,
                                      const ravine_optimizer_info &optimizer, const Memory &memory, Error error) {
  size_t nameBytes = 0, axes = 0;
  for (size_t i = 0; i < described.count(); ++i) {
    ravine_tensor tensor;
    if (ravine_status status = described.read(i, tensor, error))
      return status;
    if (tensor.name == nullptr || *tensor.name == '\0')
      return error(RAVINE_ERROR_TENSOR, Sentence() << "tensor " << i << " has no name");
    nameBytes += std::strlen(tensor.name) + 1;
    axes += tensor.rank;
  }
  if (!tensors_.allocate(memory, described.count()) || !names_.allocate(memory, nameBytes) ||
      !extents_.allocate(memory, axes))
    return outOfMemory(error);

  char *name = names_.data();
  int64_t *extents = extents_.data();
  for (size_t i = 0; i < described.count(); ++i) {
    ravine_tensor tensor;
    if (ravine_status status = described.read(i, tensor, error))
      return status;
    Tensor &kept = tensors_[i];
    if (ravine_status status = checkShape(tensor, tensor.name, kept.count, error))
      return status;
    if (ravine_status status = checkRowAxes(tensor, error))
      return status;
    if (tensor.group >= groupCount)
      return error(RAVINE_ERROR_TENSOR, Sentence() << "tensor " << Quoted{tensor.name} << " is in group "
                                                   << tensor.group << ", but group_count is " << groupCount);
    if (ravine_status status = findPrecision(tensor, optimizer, kept.precision, error))
      return status;

    size_t nameSize = std::strlen(tensor.name) + 1;
    kept.name = static_cast<char *>(std::memcpy(name, tensor.name, nameSize));
    kept.shape = extents;
    std::copy_n(tensor.shape, tensor.rank, extents);
    kept.rank = tensor.rank;
    describeMatrix(tensor, kept);
    kept.group = tensor.group;
    kept.parameterDtype = tensor.parameter_dtype;
    kept.gradientDtype = tensor.gradient_dtype;
    name += nameSize;
    extents += tensor.rank;
  }
  return sortNames(memory, error);
}

ravine_status TensorTable::sortNames(const Memory &memory, Error error) {
  if (!byName_.allocate(memory, size()))
    return outOfMemory(error);
  for (size_t i = 0; i < size(); ++i)
    byName_[i] = i;
  std::sort(byName_.begin(), byName_.end(), [this](size_t a, size_t b) {
    int compared = std::strcmp(tensors_[a].name, tensors_[b].name);
    return compared != 0 ? compared < 0 : a < b;
  });
  for (size_t i = 1; i < size(); ++i)
    if (std::strcmp(tensors_[byName_[i - 1]].name, tensors_[byName_[i]].name) == 0)
      return error(RAVINE_ERROR_TENSOR, Sentence() << "tensors " << byName_[i - 1] << " and " << byName_[i]
                                                   << " are both named " << Quoted{tensors_[byName_[i]].name});
  return RAVINE_OK;
}

size_t TensorTable::find(const char *name) const {
  const size_t *found = std::partition_point(
      byName_.begin(), byName_.end(), [&](size_t tensor) { return std::strcmp(tensors_[tensor].name, name) < 0; });
  return found != byName_.end() && std::strcmp(tensors_[*found].name, name) == 0 ? *found : size();
}

ravine_status TensorTable::checkUnchanged(const HostStructs<ravine_tensor> &described, Error error) const {
  for (size_t i = 0; i < size(); ++i) {
    const Tensor &kept = tensors_[i];
    ravine_tensor now;
    if (ravine_status status = described.read(i, now, error))
      return status;
    if (now.name != nullptr && std::strcmp(now.name, kept.name) != 0)
      return error(RAVINE_ERROR_TENSOR, Sentence() << "tensor " << i << " was named " << Quoted{kept.name}
                                                   << " at creation and is named " << Quoted{now.name} << " now");
    int64_t count;
    if (ravine_status status = checkShape(now, kept.name, count, error))
      return status;
    if (now.rank != kept.rank || !std::equal(kept.shape, kept.shape + kept.rank, now.shape))
      return error(RAVINE_ERROR_TENSOR,
                   changed(kept, "shape", Shape{kept.shape, kept.rank}, Shape{now.shape, now.rank}));
    if (rowAxesOf(now) != kept.rowAxes)
      return error(RAVINE_ERROR_TENSOR, changed(kept, "row_axes", kept.rowAxes, rowAxesOf(now)));
    if (now.group != kept.group)
      return error(RAVINE_ERROR_TENSOR, changed(kept, "group", kept.group, now.group));
    if (now.parameter_dtype != kept.parameterDtype)
      return error(RAVINE_ERROR_TENSOR,
                   changed(kept, "parameter dtype", dtypeName(kept.parameterDtype), dtypeName(now.parameter_dtype)));
    if (now.gradient_dtype != kept.gradientDtype)
      return error(RAVINE_ERROR_TENSOR,
                   changed(kept, "gradient dtype", dtypeName(kept.gradientDtype), dtypeName(now.gradient_dtype)));
  }
  return RAVINE_OK;
}

} // namespace ravine::core
