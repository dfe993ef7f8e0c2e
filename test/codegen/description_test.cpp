// What a library says of rules that were composed: of parts with dotted names, hypers with schedules, states under
// cases.
#include "compiler/codegen/Header.h"
#include "compiler/pipelines/RunPipeline.h"

#include "mlir/Parser/Parser.h"

#include <gmock/gmock.h>

using namespace ravine;
using testing::HasSubstr;

namespace {

constexpr llvm::StringLiteral source = R"mlir(
ravine.optimizer @hybrid doc "" citation "" {
  ravine.hyper @peak : real = 1.0 from 0.0 to 2.0 doc ""
  ravine.hyper @hidden.lr : real = 0.5 from 0.0 to 1.0 open_above doc "" follows "peak*cosine(1000)" {
    %peak = ravine.hyper_value @peak : !ravine.field<f64, group>
    ravine.yield %peak : !ravine.field<f64, group>
  }
  ravine.hyper @hidden_lr : real = 0.25 from 0.0 to 1.0 doc ""
  ravine.case @hidden "matrix or rank > 3" {
    %size = ravine.clock size : !ravine.field<f64, tensor>
    %holds = ravine.compare gt %size, %size : !ravine.field<f64, tensor> -> !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.case @momentum "hidden.momentum > 0" under [@hidden] {
    %size = ravine.clock size : !ravine.field<f64, tensor>
    %holds = ravine.compare gt %size, %size : !ravine.field<f64, tensor> -> !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.state @hidden.m : !ravine.field<f32, element> store bf16 under [@momentum] doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  }
  ravine.state @hidden.v : !ravine.field<f32, element> under [@hidden] doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  }
  ravine.state @n : !ravine.field<f64, model> doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, model>
    ravine.yield %zero : !ravine.field<f64, model>
  }
  ravine.state @per_row : !ravine.field<f64, row> store bf16 doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, row>
    ravine.yield %zero : !ravine.field<f64, row>
  }
  ravine.state @per_block : !ravine.field<f64, block 64> store f32 doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, block 64>
    ravine.yield %zero : !ravine.field<f64, block 64>
  }
  ravine.state @master : !ravine.field<f32, element> master doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    ravine.yield %w : !ravine.field<f32, element>
  }
  ravine.step { ravine.zero_gradient }
}
ravine.optimizer @plain doc "" citation "" { ravine.step { ravine.parameter : !ravine.field<f32, element> } }
)mlir";

class Described : public testing::Test {
protected:
  ir::OptimizerOp rule(llvm::StringRef name) { return module->lookupSymbol<ir::OptimizerOp>(name); }
  ir::StateOp state(llvm::StringRef name) { return rule("hybrid").lookupSymbol<ir::StateOp>(name); }

  std::unique_ptr<mlir::MLIRContext> context = createContext();
  mlir::OwningOpRef<mlir::ModuleOp> module = mlir::parseSourceString<mlir::ModuleOp>(source, context.get());
};

// A case counts only where those that it is under do, and `or` binds less tightly than what joins them.
TEST_F(Described, ConditionsOfStates) {
  EXPECT_EQ(conditionText(state("hidden.m")), "(matrix or rank > 3) and hidden.momentum > 0");
  EXPECT_EQ(conditionText(state("hidden.v")), "matrix or rank > 3");
  EXPECT_EQ(conditionText(state("n")), "");
  EXPECT_EQ(conditionText(state("master")), "w is stored in less than f32");
}

TEST_F(Described, StorageOfStates) {
  EXPECT_EQ(storage(state("hidden.m")), RAVINE_BF16);
  EXPECT_EQ(storage(state("hidden.v")), RAVINE_DTYPE_COMPUTE);
  EXPECT_EQ(storage(state("n")), RAVINE_F64);
  EXPECT_EQ(storage(state("per_row")), RAVINE_BF16);
}

TEST(IndexSets, HaveTheNumbersOfTheContract) {
  EXPECT_EQ(indexSet(IndexSet::Model), RAVINE_PER_MODEL);
  EXPECT_EQ(indexSet(IndexSet::Tensor), RAVINE_PER_TENSOR);
  EXPECT_EQ(indexSet(IndexSet(IndexSet::Block, 64)), RAVINE_PER_BLOCK);
  EXPECT_EQ(indexSet(IndexSet::Row), RAVINE_PER_ROW);
  EXPECT_EQ(indexSet(IndexSet::Channel), RAVINE_PER_CHANNEL);
  EXPECT_EQ(indexSet(IndexSet::Col), RAVINE_PER_COL);
  EXPECT_EQ(indexSet(IndexSet::Element), RAVINE_PER_ELEMENT);
}

TEST_F(Described, SchedulesAndGradients) {
  EXPECT_EQ(scheduleText(rule("hybrid").lookupSymbol<ir::HyperOp>("hidden.lr")), "peak*cosine(1000)");
  EXPECT_EQ(scheduleText(rule("hybrid").lookupSymbol<ir::HyperOp>("peak")), "");
  EXPECT_TRUE(writesGradient(rule("hybrid")));
  EXPECT_FALSE(writesGradient(rule("plain")));
}

// C has no dots in its names: the macro of `hidden.lr` would be that of `hidden_lr`.
TEST_F(Described, MacrosOfDottedNames) {
  LibraryDescription library;
  library.name = "hybrid";
  library.optimizers.push_back({rule("hybrid"), sweep::ProgramOp()});
  std::string header = writeHeader(library);
  EXPECT_THAT(header, HasSubstr("#define RAVINE_HYPER_hybrid_hidden_lr \"hidden.lr\" "
                                "/* follows peak*cosine(1000) in [0, 1) */\n"));
  EXPECT_THAT(header,
              HasSubstr("#define RAVINE_HYPER_hybrid_hidden_lr_2 \"hidden_lr\" /* default 0.25 in [0, 1] */\n"));
  EXPECT_THAT(header, HasSubstr("#define RAVINE_STATE_hybrid_hidden_m \"hidden.m\""));
}

TEST_F(Described, RemarksOnGroupsOfElements) {
  LibraryDescription library;
  library.name = "hybrid";
  library.optimizers.push_back({rule("hybrid"), sweep::ProgramOp()});
  std::string header = writeHeader(library);
  EXPECT_THAT(header, HasSubstr("#define RAVINE_STATE_hybrid_per_row \"per_row\" /* one for each row */\n"));
  EXPECT_THAT(header, HasSubstr("#define RAVINE_STATE_hybrid_per_block \"per_block\" "
                                "/* one for each 64 elements */\n"));
}

} // namespace
