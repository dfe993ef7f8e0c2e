// Reading the assembler's input.
#include "compiler/explanation/AssemblyListing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {
namespace {

using namespace explanation;

constexpr const char *text = R"(
	.file	"LLVMDialectModule"
	.file	1 "rule.rvn"
	.section	.rodata.cst4,"aM",@progbits,4
.LCPI0_0:
	.long	0x80000000
	.section	.text.first,"ax",@progbits
	.globl	first
	.p2align	4
	.type	first,@function
first:                                  # @first
.Lfunc_begin0:
	.loc	1 5 0                           # rule.rvn:5:0
	.cfi_startproc
# %bb.0:
	movq	(%rdi), %rax
.Ltmp1:
	.loc	1 7 15 prologue_end             # rule.rvn:7:15
	vmulps	%zmm0, %zmm1, %zmm2
	.loc	1 0 15 is_stmt 0
	vxorps	.LCPI0_0(%rip){1to16}, %zmm0, %zmm9 # comment
	jl	.LBB0_12
.LBB0_1:
	vzeroupper
.LBB0_12:
	retq
.Ltmp2:
.Lfunc_end0:
	.size	first, .Lfunc_end0-first
	.type	second,@function
second:
	retq
	.size	second, 1
	.section	".note.GNU-stack","",@progbits
)";

TEST(AssemblyListing, functionsWithTheLinesTheyComeFrom) {
  std::vector<AssemblyFunction> functions = readAssembly(text);
  ASSERT_EQ(functions.size(), 2u);
  EXPECT_EQ(functions[0].name, "first");
  std::vector<std::pair<std::string, unsigned>> lines;
  for (const Instruction &instruction : functions[0].instructions)
    lines.emplace_back(instruction.text, instruction.line);
  using Line = std::pair<std::string, unsigned>;
  EXPECT_THAT(lines,
              testing::ElementsAre(Line("movq          (%rdi), %rax", 5), Line("vmulps        %zmm0, %zmm1, %zmm2", 7),
                                   Line("vxorps        .LCPI0_0(%rip){1to16}, %zmm0, %zmm9", 0),
                                   Line("jl            .LBB0_12", 0), Line("vzeroupper", 0), Line(".LBB0_12:", 0),
                                   Line("retq", 0)));
}

TEST(AssemblyListing, linesDoNotLeakIntoTheNextFunction) {
  std::vector<AssemblyFunction> functions = readAssembly(text);
  EXPECT_EQ(functions[1].name, "second");
  ASSERT_EQ(functions[1].instructions.size(), 1u);
  EXPECT_EQ(functions[1].instructions[0].line, 0u);
}

TEST(AssemblyListing, nothingInNothingOut) {
  EXPECT_TRUE(readAssembly("").empty());
  EXPECT_TRUE(readAssembly("\t.text\nlabel:\n\tretq\n").empty());
}

} // namespace
} // namespace ravine::test
