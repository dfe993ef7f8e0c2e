// How relations and functions are written in formulas.
#pragma once

#include "compiler/frontend/AST.h"

#include <array>
#include <string_view>

namespace ravine::documentation {

struct FunctionSpelling {
  ast::Function function;
  std::string_view name;
};

/// Functions that are written by their name. Signs are names that LaTeX knows, the others words.
inline constexpr std::array namedFunctions = {
    FunctionSpelling{ast::Function::Exp, "exp"},     FunctionSpelling{ast::Function::Log, "log"},
    FunctionSpelling{ast::Function::Log1p, "log"},   FunctionSpelling{ast::Function::Expm1, "exp"},
    FunctionSpelling{ast::Function::Sin, "sin"},     FunctionSpelling{ast::Function::Cos, "cos"},
    FunctionSpelling{ast::Function::Tan, "tan"},     FunctionSpelling{ast::Function::Asin, "arcsin"},
    FunctionSpelling{ast::Function::Acos, "arccos"}, FunctionSpelling{ast::Function::Atan, "arctan"},
    FunctionSpelling{ast::Function::Sinh, "sinh"},   FunctionSpelling{ast::Function::Cosh, "cosh"},
    FunctionSpelling{ast::Function::Tanh, "tanh"},   FunctionSpelling{ast::Function::Min, "min"},
    FunctionSpelling{ast::Function::Max, "max"},
};

[[nodiscard]] constexpr std::string_view relation(ast::BinaryOp op) {
  switch (op) {
  case ast::BinaryOp::Less:
    return "<";
  case ast::BinaryOp::LessEqual:
    return "≤";
  case ast::BinaryOp::Greater:
    return ">";
  case ast::BinaryOp::GreaterEqual:
    return "≥";
  case ast::BinaryOp::NotEqual:
    return "≠";
  default:
    return "=";
  }
}

} // namespace ravine::documentation
