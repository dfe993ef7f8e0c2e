// From sweeps to functions on vectors, and from functions to what the runtime core calls.
#ifndef RAVINE_CODEGEN_CPU_PASSES_TD
#define RAVINE_CODEGEN_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def SweepsToVector : Pass<"ravine-sweeps-to-vector", "::mlir::ModuleOp"> {
  let summary = "one function on vectors for each sweep";
  let description = [{
    Replaces the programs of the module by a function for each sweep, named `<optimizer>_<sweep>`; sweeps of a program
    that differ in the memory they walk and in nothing else share the function of the first of them:

        (buffers: memref<?xT>…, slots: memref<?xf64>, partials: memref<?xf64>, begin: index, end: index)

    Slots are read, rounded and spread over a vector once, before the loop. The loop takes one vector of `width` elements
    at a time, half as many where it computes in f64: loads, arithmetic, stores, with every buffer but scratch prefetched
    as far ahead as `prefetch-distance` f32 are long. Where there is only one such buffer, it is fetched into the
    second-level cache from `lone-prefetch-distance` and from there at `near-prefetch-distance`: more streams are faster
    fetched into the first level at once, one is not. The loop is not unrolled further, which measures slower. What does not
    fill a vector is computed once more under a mask; for buffers of 16-bit numbers, which AVX2 has no masks for, by way
    of the stack.

    Sixteen f32 are one AVX-512 register or two AVX2 registers, and in either case one cache line, so that each line is
    prefetched once.

    What a buffer stores in another type than the sweep computes in is converted in registers, right behind the load or
    before the store, which rounds to nearest, ties to even.

    Reductions are carried by the loop as vectors of that width, on which the masked rest acts with the identity of the
    fold. A sweep with reductions cuts its elements into `parts` of equal length, folds each on its own and then the parts
    in order; at the end the lanes are folded by halves and stored to `partials`. The order depends on `begin` and `end`
    and nothing else: every instruction set, and every sweep that the reduction may stand in, gives the same bits. A
    sweep that folds and writes nothing walks the parts side by side, for one stream leaves most of a core's outstanding
    cache misses unused; they are prefetched less far ahead, as each of them is short and walked slowly. Any other sweep
    walks them one after another.

    A sweep over groups of elements is such a function of members, in f64. One over elements that reads or folds numbers
    of groups walks a matrix instead, whose rows may be blocks:

        (buffers…, where the numbers of each reduction over groups go: memref<?xf64>…, slots, partials,
         first row, last row, first column, last column, row length, count: index)

    A number of a row is read, rounded and spread over a vector once in the row; those of columns are read as many at a
    time as elements. What is folded over rows begins anew in each and is stored behind it: its bits depend on the
    elements of the row alone. It is one stream, with neither parts nor several accumulators to begin and to join, which
    rows of a dozen elements would pay for: a vector of sums in f64 is a line of cache in as many cycles as an addition
    takes, faster than memory. What is folded over columns is added to the number that stands there, row after row: the
    same bits however rows are cut. What is folded over the tensor or the model is carried through all rows.

    Where several passes follow each other over a tile (`tiles` of a stage), memory would rest while the later ones work in
    cache. So each of the passes that touch a buffer fetches as large a part of the next tile, both halves of it side by
    side, at a pace at which its own tile takes it to the end of that part, into the second-level cache, where a tile is
    no larger than `largest-paced-tile`. All else, and what a row has beyond groups of four vectors, is fetched like a
    stream; behind the end of a row's part stands that of the next row.

    Assumes that buffers do not overlap, which the runtime has checked.
  }];
  let options = [
    Option<"width", "width", "unsigned", "16", "elements computed at a time, in f32">,
    Option<"prefetchDistance", "prefetch-distance", "unsigned", "512", "how far ahead buffers are fetched, in f32">,
    Option<"lonePrefetchDistance", "lone-prefetch-distance", "unsigned", "1024",
           "how far ahead the only buffer is fetched into the second-level cache, in f32">,
    Option<"nearPrefetchDistance", "near-prefetch-distance", "unsigned", "128",
           "how far ahead it is fetched from there, in f32">,
    Option<"parts", "parts", "unsigned", "8", "parts that a sweep with reductions folds on their own">,
    Option<"partPrefetchDistance", "part-prefetch-distance", "unsigned", "128",
           "how far ahead each is fetched where they are walked side by side, in f32">,
    Option<"largestPacedTile", "largest-paced-tile", "unsigned", "16384",
           "elements of the largest tile of which the next one is fetched while passes go over it">,
  ];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def ExpandVectorMath : Pass<"ravine-expand-vector-math", "::mlir::func::FuncOp"> {
  let summary = "elementary functions of vectors as straight vector arithmetic";
  let description = [{
    Rewrites exp, expm1, log, log1p, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, erf and powf of the `math` dialect
    on one-dimensional vectors of f32 and f64, of any fixed width, into `arith`, `vector` and `math.fma` operations: never
    a call of a library. Results differ from the true value by at most the ULPs of docs/vector-math.md, for every input,
    and are the same bits on every target that has a fused multiply-add: nothing is left to contraction. The methods and
    their sources are described in the files of each family.

    Scalars stay as they are. A vector of another shape or element type is an error: it would become scalar library
    calls. Leaves one rarely taken `scf.if` in sin, cos and tan, so it stands before the lowering of `scf`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def ExpandExtrema : Pass<"ravine-expand-extrema", "::mlir::func::FuncOp"> {
  let summary = "the larger or smaller of a vector and one number in two instructions";
  let description = [{
    `arith.maximumf` and `arith.minimumf` keep a NaN of either side and order -0 before 0; the instructions of x86 give
    their second operand in both cases, so that LLVM writes five of them for one operation. Where one operand is spread
    over all lanes, as every slot and every number of a row is, what one instruction gets wrong depends on that number
    alone: it is corrected by an addition (max) or by setting bits (min) of something that is computed before the loop.
    The results are those of the two operations to the bit, but for the payloads of NaNs and, where subnormal numbers
    count as zero, for which of them become zero.

    Vectors both of whose operands vary, and constants, of which LLVM knows what they are not, stay as they are.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ScalarsToFunctions : Pass<"ravine-scalars-to-functions", "::mlir::ModuleOp"> {
  let summary = "one function for each scalar program";
  let description = [{
    Replaces the programs of the module by a function for each scalar program, named `<optimizer>_<program>`, which
    scalar programs that are alike share:

        (hypers, clock, tensor_values, model_values, slots: memref<?xf64>)

    Elementary functions become calls of the C library's, in f64; they run a few times in a step, not per element.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect"];
}

def EmitEntryPoints : Pass<"ravine-emit-entry-points", "::mlir::ModuleOp"> {
  let summary = "give functions the signatures of plan.h";
  let description = [{
    After lowering to LLVM a memref argument is five arguments. For each function `f` this pass adds `f_entry`, with the
    signature of a `ravine_kernel_function` or a `ravine_scalar_function`, which calls `f`; `f` itself becomes internal
    and is inlined.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif
