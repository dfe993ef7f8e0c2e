// The values that weights start from.
#pragma once

#include "runtime/nn/Layer.h"

namespace ravine::nn {

/// How the weights of a layer are drawn. Their variance keeps the size of activations, and for Xavier also of
/// gradients, about the same from layer to layer:
///
///   He (Kaiming)  2 / fan_in               He, Zhang, Ren, Sun: Delving deep into rectifiers (ICCV 2015)
///   Xavier        2 / (fan_in + fan_out)   Glorot, Bengio: Understanding the difficulty of training … (AISTATS 2010)
enum class Initializer { HeUniform, HeNormal, XavierUniform, XavierNormal };

/// Draws every weight (a parameter with fans) of `parameters`. The values depend on the seed, on the place of the
/// parameter in the list and on the place of the element in the parameter, and are the same on every platform: they
/// are computed in f64 with operations that IEEE 754 rounds correctly, and rounded to T once.
template <typename T>
void initialize(std::span<Parameter<T> *const> parameters, Initializer initializer, uint64_t seed);

/// The quantile of the standard normal distribution at (bits + 1/2) / 2^52 of the upper 52 bits of `bits`: a uniformly
/// distributed word becomes a normally distributed number.
/// Wichura: Algorithm AS 241, the percentage points of the normal distribution (Applied Statistics 37, 1988), which
/// is accurate to about 1e-16; here the logarithm of its tails is made from correctly rounded operations as well.
[[nodiscard]] double normalFromBits(uint64_t bits);

} // namespace ravine::nn
