// ravine-opt: runs passes and pipelines by name on MLIR text, for tests and for looking at one step at a time.
#include "compiler/pipelines/Pipelines.h"
#include "compiler/pipelines/RunPipeline.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

int main(int argc, char **argv) {
  DialectRegistry registry;
  ravine::registerDialects(registry);
  registerCanonicalizerPass();
  registerCSEPass();
  ravine::registerPipelines();
  return asMainReturnCode(MlirOptMain(argc, argv, "ravine-opt: passes and pipelines of Ravine\n", registry));
}
