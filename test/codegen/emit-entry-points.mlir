// Around each function stands one with the signature that plan.h gives to kernels or scalar functions.
// RUN: ravine-opt %s -ravine-llvm | FileCheck %s

// What is only declared is left alone.
// CHECK: llvm.func @pow(f64, f64) -> f64
// CHECK-NOT: @pow_entry
func.func private @pow(f64, f64) -> f64

// A kernel: (buffers, scalars, begin, end, partials), where `buffers` is an array of pointers.
// CHECK-LABEL: llvm.func internal @kernel(
// CHECK-SAME: always_inline
// CHECK-NOT: ravine.buffer_count
// CHECK: llvm.func @kernel_entry(
// CHECK-SAME: %[[BUFFERS:[^:]*]]: !llvm.ptr, %[[SCALARS:[^:]*]]: !llvm.ptr, %[[BEGIN:[^:]*]]: i64, %[[END:[^:]*]]: i64, %[[PARTIALS:[^:]*]]: !llvm.ptr) {
// CHECK: %[[FIRST_SLOT:.*]] = llvm.getelementptr %[[BUFFERS]][0]
// CHECK: %[[FIRST:.*]] = llvm.load %[[FIRST_SLOT]]
// CHECK: %[[SECOND_SLOT:.*]] = llvm.getelementptr %[[BUFFERS]][1]
// CHECK: %[[SECOND:.*]] = llvm.load %[[SECOND_SLOT]]
// CHECK: llvm.call @kernel(%[[FIRST]], %[[FIRST]], {{.*}}, %[[SECOND]], %[[SECOND]], {{.*}}, %[[SCALARS]], %[[SCALARS]], {{.*}}, %[[PARTIALS]], %[[PARTIALS]], {{.*}}, %[[BEGIN]], %[[END]])
// CHECK-NEXT: llvm.return
func.func @kernel(%w: memref<?xf32>, %g: memref<?xf32>, %slots: memref<?xf64>, %partials: memref<?xf64>,
    %begin: index, %end: index) attributes {ravine.buffer_count = 2 : i64} {
  %x = memref.load %g[%begin] : memref<?xf32>
  memref.store %x, %w[%begin] : memref<?xf32>
  return
}

// A kernel of tiles: (buffers, scalars, tile, partials). What the tile holds is read here.
// CHECK-LABEL: llvm.func internal @tiles(
// CHECK-NOT: ravine.tile
// CHECK: llvm.func @tiles_entry(
// CHECK-SAME: %[[BUFFERS:[^:]*]]: !llvm.ptr, %[[SCALARS:[^:]*]]: !llvm.ptr, %[[TILE:[^:]*]]: !llvm.ptr, %[[PARTIALS:[^:]*]]: !llvm.ptr) {
// CHECK: %[[ONLY_SLOT:.*]] = llvm.getelementptr %[[BUFFERS]][0]
// CHECK: %[[ONLY:.*]] = llvm.load %[[ONLY_SLOT]]
// CHECK: %[[FIRST_PLACE:.*]] = llvm.getelementptr %[[TILE]][0] : (!llvm.ptr) -> !llvm.ptr, i64
// CHECK: %[[FIRST_ROW:.*]] = llvm.load %[[FIRST_PLACE]] : !llvm.ptr -> i64
// CHECK: %[[LAST_PLACE:.*]] = llvm.getelementptr %[[TILE]][5] : (!llvm.ptr) -> !llvm.ptr, i64
// CHECK: %[[COUNT:.*]] = llvm.load %[[LAST_PLACE]] : !llvm.ptr -> i64
// CHECK: llvm.call @tiles(%[[ONLY]], %[[ONLY]], {{.*}}, %[[SCALARS]], %[[SCALARS]], {{.*}}, %[[PARTIALS]], %[[PARTIALS]], {{.*}}, %[[FIRST_ROW]], {{.*}}, %[[COUNT]])
// CHECK-NEXT: llvm.return
func.func @tiles(%w: memref<?xf32>, %slots: memref<?xf64>, %partials: memref<?xf64>, %first_row: index, %last_row: index,
    %first_col: index, %last_col: index, %row_length: index, %count: index)
    attributes {ravine.buffer_count = 1 : i64, ravine.tile} {
  %x = memref.load %w[%first_row] : memref<?xf32>
  memref.store %x, %w[%count] : memref<?xf32>
  return
}

// A scalar function: (hypers, clock, tensor_values, model_values, out).
// CHECK-LABEL: llvm.func internal @scalars(
// CHECK: llvm.func @scalars_entry(
// CHECK-SAME: %[[HYPERS:[^:]*]]: !llvm.ptr, %[[CLOCK:[^:]*]]: !llvm.ptr, %[[TENSOR:[^:]*]]: !llvm.ptr, %[[MODEL:[^:]*]]: !llvm.ptr, %[[OUT:[^:]*]]: !llvm.ptr) {
// CHECK: llvm.call @scalars(%[[HYPERS]], %[[HYPERS]], {{.*}}, %[[CLOCK]], %[[CLOCK]], {{.*}}, %[[TENSOR]], %[[TENSOR]], {{.*}}, %[[MODEL]], %[[MODEL]], {{.*}}, %[[OUT]], %[[OUT]],
// CHECK-NEXT: llvm.return
func.func @scalars(%hypers: memref<?xf64>, %clock: memref<?xf64>, %tensor_values: memref<?xf64>,
    %model_values: memref<?xf64>, %slots: memref<?xf64>) {
  %first = arith.constant 0 : index
  %x = memref.load %hypers[%first] : memref<?xf64>
  %y = memref.load %clock[%first] : memref<?xf64>
  %z = call @pow(%x, %y) : (f64, f64) -> f64
  memref.store %z, %slots[%first] : memref<?xf64>
  return
}
