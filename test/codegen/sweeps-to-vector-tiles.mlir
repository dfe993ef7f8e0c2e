// Sweeps over elements that know of groups walk a matrix row by row; those over groups are kernels like any other.
// RUN: ravine-opt %s -ravine-vector | FileCheck %s

sweep.program @rule.program optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "r", 0>] exits [] patterns []
    ranks [2] groups [#ravine.set<row>, #ravine.set<row>, #ravine.set<col>, #ravine.set<col>] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}

  // Buffers, where numbers of rows go, slots, partials, then the six numbers of the tile.
  // CHECK-LABEL: func.func @rule_squares(
  // CHECK-SAME: %[[W:[^:]*]]: memref<?xf32>, %[[OF_ROWS:[^:]*]]: memref<?xf64>, %{{[^:]*}}: memref<?xf64>, %{{[^:]*}}: memref<?xf64>,
  // CHECK-SAME: %[[FIRST_ROW:[^:]*]]: index, %[[LAST_ROW:[^:]*]]: index, %[[FIRST_COL:[^:]*]]: index, %[[LAST_COL:[^:]*]]: index, %[[LENGTH:[^:]*]]: index, %[[COUNT:[^:]*]]: index)
  // CHECK-SAME: ravine.buffer_count = 2 : i64, ravine.tile
  // Of two passes the first fetches the first half of the next tile, its quarters side by side.
  // CHECK: %[[NEXT_TILE:.*]] = arith.muli %[[LAST_ROW]], %[[LENGTH]] : index
  // CHECK: %[[TILE_LENGTH:.*]] = arith.subi %[[NEXT_TILE]], %{{.*}} : index
  // CHECK: %[[IS_SMALL:.*]] = arith.cmpi sle, %[[TILE_LENGTH]], %{{.*}} : index
  // CHECK: %[[FOUR:.*]] = arith.constant 4 : index
  // CHECK: %[[NO_QUARTER:.*]] = arith.divui %{{.*}}, %[[FOUR]] : index
  // CHECK: %[[NOTHING_BEHIND:.*]] = arith.addi %[[NEXT_TILE]], %[[NO_QUARTER]] : index
  // CHECK: %[[FIRST:.*]] = arith.addi %[[NOTHING_BEHIND]], %[[DISTANCE:.*]] : index
  // CHECK: %[[QUARTER:.*]] = arith.divui %{{.*}}, %[[FOUR]] : index
  // CHECK: %[[QUARTER_BEHIND:.*]] = arith.addi %[[NEXT_TILE]], %[[QUARTER]] : index
  // CHECK: %[[SECOND:.*]] = arith.addi %[[QUARTER_BEHIND]], %[[DISTANCE]] : index
  // CHECK: scf.for %[[ROW:.*]] = %[[FIRST_ROW]] to %[[LAST_ROW]]
  // CHECK: %[[START:.*]] = arith.muli %[[ROW]], %[[LENGTH]] : index
  // CHECK: %[[BEGIN:.*]] = arith.addi %[[START]], %[[FIRST_COL]] : index
  // The last row may be short.
  // CHECK: %[[FULL_END:.*]] = arith.addi %[[START]], %[[LAST_COL]] : index
  // CHECK: %[[END:.*]] = arith.minsi %[[FULL_END]], %[[COUNT]] : index
  // Each row begins anew.
  // CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<16xf64>
  // Four vectors at a time, and for them one line of each quarter; nothing of a large tile.
  // CHECK: %[[PACED_END:.*]] = arith.select %[[IS_SMALL]], %{{.*}}, %[[BEGIN]] : index
  // CHECK: %[[PACED:.*]] = scf.for %[[P:.*]] = %[[BEGIN]] to %[[PACED_END]] step %{{.*}} iter_args(%[[PACED_SUM:.*]] = %[[ZERO]])
  // CHECK: %[[GONE:.*]] = arith.divui %{{.*}}, %[[FOUR]] : index
  // CHECK: %[[IN_FIRST:.*]] = arith.addi %[[FIRST]], %[[GONE]] : index
  // CHECK: %[[FETCHED:.*]] = arith.minsi %[[IN_FIRST]], %[[COUNT]] : index
  // CHECK: memref.prefetch %[[W]][%[[FETCHED]]], read, locality<2>
  // CHECK: %[[IN_SECOND:.*]] = arith.addi %[[SECOND]], %[[GONE]] : index
  // CHECK: %[[FETCHED_TOO:.*]] = arith.minsi %[[IN_SECOND]], %[[COUNT]] : index
  // CHECK: memref.prefetch %[[W]][%[[FETCHED_TOO]]], read, locality<2>
  // CHECK-NOT: memref.prefetch
  // CHECK-COUNT-4: math.fma
  // CHECK: scf.yield
  // What is left, vector by vector.
  // CHECK: %[[FOLDED:.*]] = scf.for %[[I:.*]] = %[[PACED_END]] to %{{.*}} step %{{.*}} iter_args(%[[SUM:.*]] = %[[PACED]])
  // CHECK: memref.prefetch %[[W]]{{.*}} locality<3>
  // CHECK: %[[X:.*]] = vector.load %[[W]][%[[I]]]
  // CHECK: %[[WIDE:.*]] = arith.extf %[[X]] : vector<16xf32> to vector<16xf64>
  // CHECK: math.fma %[[WIDE]], %[[WIDE]], %[[SUM]] : vector<16xf64>
  // CHECK: scf.if
  // CHECK: vector.maskedload %[[W]]
  // CHECK: memref.store %{{.*}}, %[[OF_ROWS]][%[[ROW]]] : memref<?xf64>
  sweep.sweep @squares step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, row, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    %square = arith.mulf %wide, %wide : f64
    sweep.yield %square : f64
  }

  // Members in place of elements, in f64, eight at a time.
  // CHECK-LABEL: func.func @rule_factors(
  // CHECK-NOT: ravine.tile
  // CHECK: %[[S:.*]] = vector.load %{{.*}} : memref<?xf64>, vector<8xf64>
  // CHECK: math.sqrt %[[S]] : vector<8xf64>
  sweep.sweep @factors step variant 0 over <row> scalars @none
      buffers [#sweep.buffer<group, "s", 0, row, f64, true, false>, #sweep.buffer<group, "n", 1, row, f64, false, true>]
      reductions [] {
  ^bb0(%s: f64):
    %root = math.sqrt %s : f64
    sweep.yield %root : f64
  }

  // A number of the row is read and rounded once in the row.
  // CHECK-LABEL: func.func @rule_scaled(
  // CHECK-SAME: %[[W:[^:]*]]: memref<?xf32>, %[[FACTORS:[^:]*]]: memref<?xf64>,
  // CHECK: scf.for %[[ROW:.*]] =
  // CHECK: %[[FACTOR:.*]] = memref.load %[[FACTORS]][%[[ROW]]] : memref<?xf64>
  // CHECK: %[[NARROW:.*]] = arith.truncf %[[FACTOR]] : f64 to f32
  // CHECK: %[[SPREAD:.*]] = vector.broadcast %[[NARROW]] : f32 to vector<16xf32>
  // CHECK: scf.for
  // CHECK-COUNT-4: arith.mulf %{{.*}}, %[[SPREAD]] : vector<16xf32>
  // CHECK: scf.for
  // CHECK: %[[X:.*]] = vector.load %[[W]]
  // CHECK: %[[NEXT:.*]] = arith.mulf %[[X]], %[[SPREAD]] : vector<16xf32>
  // CHECK: vector.store %[[NEXT]], %[[W]]
  sweep.sweep @scaled step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<group, "n", 1, row, f64, true, false>]
      reductions [] {
  ^bb0(%w: f32, %n: f64):
    %narrow = arith.truncf %n : f64 to f32
    %next = arith.mulf %w, %narrow : f32
    sweep.yield %next : f32
  }

  // Numbers of columns are as many as there are lanes: read, and folded where they stand. What is folded over the model
  // is carried from row to row. A sweep that is alone in its run fetches what comes next: behind the end of a part of
  // a row, that of the next one.
  // CHECK-LABEL: func.func @rule_columns(
  // CHECK-SAME: %[[W:[^:]*]]: memref<?xf32>, %[[CENTRES:[^:]*]]: memref<?xf64>, %[[SUMS:[^:]*]]: memref<?xf64>, %{{[^:]*}}: memref<?xf64>, %[[PARTIALS:[^:]*]]: memref<?xf64>,
  // CHECK: %[[ROWS:.*]] = scf.for {{.*}} iter_args(%[[MAXIMUM:.*]] = %{{.*}}) -> (vector<16xf32>)
  // CHECK: %[[START:.*]] = arith.muli
  // CHECK: scf.for %[[I:.*]] = {{.*}} iter_args(%{{.*}} = %[[MAXIMUM]])
  // CHECK: %[[BEHIND:.*]] = arith.cmpi sge
  // CHECK: %[[AHEAD:.*]] = arith.select %[[BEHIND]]
  // CHECK: memref.prefetch %[[W]][%[[AHEAD]]], read, locality<3>
  // CHECK: %[[COLUMN:.*]] = arith.subi %[[I]], %[[START]] : index
  // CHECK: %[[CENTRE:.*]] = vector.load %[[CENTRES]][%[[COLUMN]]] : memref<?xf64>, vector<16xf64>
  // CHECK: %[[SUM:.*]] = vector.load %[[SUMS]][%[[COLUMN]]] : memref<?xf64>, vector<16xf64>
  // CHECK: %[[NEXT:.*]] = arith.addf %[[SUM]], %{{.*}} : vector<16xf64>
  // CHECK: vector.store %[[NEXT]], %[[SUMS]][%[[COLUMN]]]
  // CHECK: memref.store %{{.*}}, %[[PARTIALS]]
  sweep.sweep @columns step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<group, "c", 2, col, f64, true, false>]
      reductions [#sweep.reduction<sum, col, 3>, #sweep.reduction<max, model, 0>] {
  ^bb0(%w: f32, %c: f64):
    %wide = arith.extf %w : f32 to f64
    %centred = arith.subf %wide, %c : f64
    sweep.yield %centred, %wide : f64, f64
  }

  sweep.stage step variant 0 sweeps [@squares, @factors, @scaled, @columns] tiles [3, 1] resident [] tiles []
}
