// The small convolutional classifier that everything starts with.
#pragma once

#include "runtime/nn/Conv2d.h"
#include "runtime/nn/Flatten.h"
#include "runtime/nn/Linear.h"
#include "runtime/nn/MaxPool2d.h"
#include "runtime/nn/Relu.h"
#include "runtime/nn/Sequential.h"

namespace ravine::nn {

/// LeNet-5 (LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998) as it is
/// built today, with rectifiers and max-pooling: 1×28×28 images, 61 706 parameters for 10 classes, all zero until
/// initialised. `filters` of the first convolution other than 6 make it narrower or wider.
template <typename T> [[nodiscard]] Sequential<T> makeLeNet(int64_t classes, int64_t filters = 6) {
  Sequential<T> model({1, 28, 28});
  model.add("conv1", Conv2d<T>({.inputs = 1, .outputs = filters, .kernel = 5, .padding = 2}));
  model.add("relu1", Relu<T>());
  model.add("pool1", MaxPool2d<T>(2, 2));
  model.add("conv2", Conv2d<T>({.inputs = filters, .outputs = 16, .kernel = 5}));
  model.add("relu2", Relu<T>());
  model.add("pool2", MaxPool2d<T>(2, 2));
  model.add("flatten", Flatten<T>());
  model.add("fc1", Linear<T>(16 * 5 * 5, 120));
  model.add("relu3", Relu<T>());
  model.add("fc2", Linear<T>(120, 84));
  model.add("relu4", Relu<T>());
  model.add("fc3", Linear<T>(84, classes));
  return model;
}

} // namespace ravine::nn
