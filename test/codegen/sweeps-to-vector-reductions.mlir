// Reductions: accumulators as wide as the elements are taken, carried by the loop, the identity in the lanes that a mask
// leaves out, an explicit tree at the end. Eight parts are folded on their own, then in order: side by side where nothing
// is written, one after another elsewhere.
// RUN: ravine-opt %s -ravine-sweeps-to-vector -cse | FileCheck %s
// RUN: ravine-opt %s -ravine-sweeps-to-vector="width=4 parts=2 part-prefetch-distance=64" -cse | FileCheck %s --check-prefix=NARROW

sweep.program @rule.program optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "largest", 2>]
    model_values [#sweep.value<reduction, "squares", 0>, #sweep.value<reduction, "smallest", 1>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}

  // A sweep that writes: one stream of each buffer, as ever. The largest of widened numbers is found before they are
  // widened. What was stored to scratch is in cache and not fetched ahead.
  // CHECK-LABEL: func.func @rule_update(
  // CHECK-SAME: %[[W:[^:]*]]: memref<?xf32>, %[[U:[^:]*]]: memref<?xf32>, %{{[^:]*}}: memref<?xf64>,
  // CHECK-SAME: %[[PARTIALS:[^:]*]]: memref<?xf64>, %[[BEGIN:[^:]*]]: index, %[[END:[^:]*]]: index)
  // CHECK-DAG: %[[BELOW_ALL:.*]] = arith.constant dense<0xFF800000> : vector<16xf32>
  // CHECK-DAG: %[[NOTHING:.*]] = arith.constant dense<0.000000e+00> : vector<16xf64>
  // CHECK-DAG: %[[ABOVE_ALL:.*]] = arith.constant dense<0x7FF0000000000000> : vector<16xf64>
  // CHECK: %[[PARTS:.*]]:3 = scf.for %[[PART:.*]] = %c0{{.*}} to %c8{{.*}} step %c1
  // CHECK-SAME: iter_args(%[[MAX_BEFORE:.*]] = %[[BELOW_ALL]], %[[SUM_BEFORE:.*]] = %[[NOTHING]], %[[MIN_BEFORE:.*]] = %[[ABOVE_ALL]])
  // CHECK: %[[SKIPPED:.*]] = arith.muli %[[LENGTH:.*]], %[[PART]]
  // CHECK: %[[START:.*]] = arith.addi %[[BEGIN]], %[[SKIPPED]]
  // CHECK: %[[ONE:.*]]:3 = scf.for %[[I:.*]] = %[[START]] to
  // CHECK-SAME: iter_args(%[[MAX:.*]] = %[[BELOW_ALL]], %[[SUM:.*]] = %[[NOTHING]], %[[MIN:.*]] = %[[ABOVE_ALL]])
  // CHECK: memref.prefetch %[[W]]{{.*}} locality<2>
  // CHECK: memref.prefetch %[[W]]{{.*}} locality<3>
  // CHECK-NOT: memref.prefetch
  // CHECK: %[[NEXT:.*]] = arith.subf {{.*}} : vector<16xf32>
  // CHECK-NEXT: %[[SIZE:.*]] = math.absf %[[NEXT]] : vector<16xf32>
  // CHECK-NEXT: %[[WIDE:.*]] = arith.extf %[[SIZE]] : vector<16xf32> to vector<16xf64>
  // CHECK-NEXT: %[[SQUARE:.*]] = arith.mulf %[[WIDE]], %[[WIDE]] : vector<16xf64>
  // CHECK-NEXT: %[[LESS:.*]] = arith.subf %[[SQUARE]], %[[WIDE]] : vector<16xf64>
  // CHECK-NEXT: vector.store %[[NEXT]], %[[W]][%[[I]]]
  // CHECK-NEXT: %[[NEW_MAX:.*]] = arith.maximumf %[[MAX]], %[[SIZE]] : vector<16xf32>
  // The product of two widened f32 is exact: fused, its sum has the same bits.
  // CHECK-NEXT: %[[NEW_SUM:.*]] = math.fma %[[WIDE]], %[[WIDE]], %[[SUM]] : vector<16xf64>
  // CHECK-NEXT: %[[NEW_MIN:.*]] = arith.minimumf %[[MIN]], %[[LESS]] : vector<16xf64>
  // CHECK-NEXT: scf.yield %[[NEW_MAX]], %[[NEW_SUM]], %[[NEW_MIN]]
  // CHECK: %[[MAX_SO_FAR:.*]] = arith.maximumf %[[MAX_BEFORE]], %[[ONE]]#0
  // CHECK-NEXT: %[[SUM_SO_FAR:.*]] = arith.addf %[[SUM_BEFORE]], %[[ONE]]#1
  // CHECK-NEXT: %[[MIN_SO_FAR:.*]] = arith.minimumf %[[MIN_BEFORE]], %[[ONE]]#2
  // CHECK-NEXT: scf.yield %[[MAX_SO_FAR]], %[[SUM_SO_FAR]], %[[MIN_SO_FAR]]
  // CHECK: %[[FULL:.*]]:3 = scf.for {{.*}} iter_args(%{{.*}} = %[[PARTS]]#0, %{{.*}} = %[[PARTS]]#1, %{{.*}} = %[[PARTS]]#2)

  // What the mask leaves out counts as the identity.
  // CHECK: %[[ALL:.*]]:3 = scf.if
  // CHECK: %[[MASK:.*]] = vector.create_mask
  // CHECK: %[[LAST_SIZE:.*]] = math.absf
  // CHECK: %[[LAST_SQUARE:.*]] = arith.mulf
  // CHECK: %[[LAST_LESS:.*]] = arith.subf {{.*}} : vector<16xf64>
  // CHECK: %[[FOR_MAX:.*]] = arith.select %[[MASK]], %[[LAST_SIZE]], %[[BELOW_ALL]]
  // CHECK-NEXT: %[[LAST_MAX:.*]] = arith.maximumf %[[FULL]]#0, %[[FOR_MAX]]
  // CHECK-NEXT: %[[FOR_SUM:.*]] = arith.select %[[MASK]], %[[LAST_SQUARE]], %[[NOTHING]]
  // CHECK-NEXT: %[[LAST_SUM:.*]] = arith.addf %[[FULL]]#1, %[[FOR_SUM]]
  // CHECK-NEXT: %[[FOR_MIN:.*]] = arith.select %[[MASK]], %[[LAST_LESS]], %[[ABOVE_ALL]]
  // CHECK-NEXT: %[[LAST_MIN:.*]] = arith.minimumf %[[FULL]]#2, %[[FOR_MIN]]
  // CHECK-NEXT: scf.yield %[[LAST_MAX]], %[[LAST_SUM]], %[[LAST_MIN]]
  // CHECK-NEXT: } else {
  // CHECK-NEXT: scf.yield %[[FULL]]#0, %[[FULL]]#1, %[[FULL]]#2

  // Half with half until one lane is left, in an order that is nobody's choice.
  // CHECK-NOT: vector.reduction
  // CHECK: %[[LOW:.*]] = vector.extract_strided_slice %[[ALL]]#0 {offsets = [0], sizes = [8], strides = [1]}
  // CHECK-NEXT: %[[HIGH:.*]] = vector.extract_strided_slice %[[ALL]]#0 {offsets = [8], sizes = [8], strides = [1]}
  // CHECK-NEXT: %[[EIGHT:.*]] = arith.maximumf %[[LOW]], %[[HIGH]] : vector<8xf32>
  // CHECK: arith.maximumf {{.*}} : vector<4xf32>
  // CHECK: arith.maximumf {{.*}} : vector<2xf32>
  // CHECK: %[[LANE:.*]] = arith.maximumf {{.*}} : vector<1xf32>
  // CHECK-NEXT: %[[LARGEST:.*]] = vector.extract %[[LANE]][0] : f32
  // CHECK-NEXT: %[[LARGEST_WIDE:.*]] = arith.extf %[[LARGEST]] : f32 to f64
  // CHECK: memref.store %[[LARGEST_WIDE]], %[[PARTIALS]][%c0
  // CHECK: vector.extract_strided_slice %[[ALL]]#1 {offsets = [0], sizes = [8]
  // CHECK: %[[SQUARES:.*]] = vector.extract {{.*}} : f64 from vector<1xf64>
  // CHECK: memref.store %[[SQUARES]], %[[PARTIALS]][%c1
  // CHECK: vector.extract_strided_slice %[[ALL]]#2 {offsets = [0], sizes = [8]
  // CHECK: %[[SMALLEST:.*]] = vector.extract {{.*}} : f64 from vector<1xf64>
  // CHECK: memref.store %[[SMALLEST]], %[[PARTIALS]][%c2
  // CHECK-NEXT: return
  sweep.sweep @update step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<scratch, "u", 0, element, f32, true, false>]
      reductions [#sweep.reduction<max, tensor, 0>, #sweep.reduction<sum, model, 0>, #sweep.reduction<min, model, 1>] {
  ^bb0(%w: f32, %u: f32):
    %next = arith.subf %w, %u : f32
    %size = math.absf %next : f32
    %wide = arith.extf %size : f32 to f64
    %square = arith.mulf %wide, %wide : f64
    %less = arith.subf %square, %wide : f64
    sweep.yield %next, %wide, %square, %less : f32, f64, f64, f64
  }

  // A sweep that only reads: two parts here (eight unless said otherwise), each as long as whole vectors allow.
  // NARROW-LABEL: func.func @rule_norm(
  // NARROW-SAME: %[[G:[^:]*]]: memref<?xf32>, %{{[^:]*}}: memref<?xf64>, %[[PARTIALS:[^:]*]]: memref<?xf64>,
  // NARROW-SAME: %[[BEGIN:[^:]*]]: index, %[[END:[^:]*]]: index)
  // NARROW-DAG: %[[WIDTH:.*]] = arith.constant 4 : index
  // NARROW-DAG: %[[ROUND:.*]] = arith.constant 8 : index
  // NARROW-DAG: %[[COUNT:.*]] = arith.subi %[[END]], %[[BEGIN]]
  // NARROW-DAG: %[[ROUNDS:.*]] = arith.divui %[[COUNT]], %[[ROUND]]
  // NARROW-DAG: %[[LENGTH:.*]] = arith.muli %[[ROUNDS]], %[[WIDTH]]
  // NARROW-DAG: %[[FIRST_END:.*]] = arith.addi %[[BEGIN]], %[[LENGTH]]
  // NARROW-DAG: %[[NOTHING:.*]] = arith.constant dense<0.000000e+00> : vector<4xf64>
  // NARROW: %[[PARTS:.*]]:2 = scf.for %[[I:.*]] = %[[BEGIN]] to %[[FIRST_END]] step %[[WIDTH]]
  // NARROW-SAME: iter_args(%[[EVEN:.*]] = %[[NOTHING]], %[[ODD:.*]] = %[[NOTHING]])
  // NARROW: memref.prefetch %[[G]]
  // NARROW-NEXT: vector.load %[[G]]
  // NARROW: %[[NEW_EVEN:.*]] = math.fma {{.*}}, %[[EVEN]] :
  // NARROW: memref.prefetch %[[G]]
  // NARROW-NEXT: vector.load %[[G]]
  // NARROW: %[[NEW_ODD:.*]] = math.fma {{.*}}, %[[ODD]] :
  // NARROW-NOT: vector.load
  // NARROW: scf.yield %[[NEW_EVEN]], %[[NEW_ODD]]
  // NARROW: %[[FIRST:.*]] = arith.addf %[[NOTHING]], %[[PARTS]]#0 : vector<4xf64>
  // NARROW: %[[BOTH:.*]] = arith.addf %[[FIRST]], %[[PARTS]]#1 : vector<4xf64>

  // Fewer elements than a vector for each part are left: whole vectors, then the mask.
  // NARROW: scf.for {{.*}} iter_args(%{{.*}} = %[[BOTH]])
  // NARROW: scf.if
  // NARROW: vector.maskedload %[[G]]
  // NARROW: memref.store %{{.*}}, %[[PARTIALS]]

  // CHECK-LABEL: func.func @rule_norm(
  // CHECK-COUNT-8: vector.load
  // CHECK-NOT: vector.load
  // CHECK: scf.yield
  sweep.sweep @norm step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>]
      reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    %square = arith.mulf %wide, %wide : f64
    sweep.yield %square : f64
  }

  // Products of anything else are not exact, and stay what they are.
  // CHECK-LABEL: func.func @rule_two(
  // CHECK-NOT: math.fma
  sweep.sweep @two step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>]
      reductions [#sweep.reduction<sum, model, 0>, #sweep.reduction<min, model, 1>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    %square = arith.mulf %wide, %wide : f64
    %cube = arith.mulf %square, %wide : f64
    sweep.yield %cube, %wide : f64, f64
  }

  // Eight parts of each buffer, however many there are: the order is that of the reduction, not of the sweep.
  // CHECK-LABEL: func.func @rule_dot(
  // CHECK-SAME: %[[W:[^:]*]]: memref<?xf32>, %[[G:[^:]*]]: memref<?xf32>
  // CHECK: scf.for
  // CHECK-COUNT-8: vector.load %[[G]]
  // CHECK-NOT: vector.load
  // CHECK: scf.yield
  sweep.sweep @dot step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<gradient, "g", 0, element, f32, true, false>]
      reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%w: f32, %g: f32):
    %wide_w = arith.extf %w : f32 to f64
    %wide_g = arith.extf %g : f32 to f64
    %product = arith.mulf %wide_w, %wide_g : f64
    sweep.yield %product : f64
  }

  // A view and a sweep of initial values are kernels like any other.
  // CHECK-LABEL: func.func @rule_eval_0(
  // CHECK-SAME: %[[W:[^:]*]]: memref<?xf32>, %[[VIEW:[^:]*]]: memref<?xf32>
  // CHECK: scf.for
  // CHECK: %[[VALUE:.*]] = vector.load %[[W]]
  // CHECK: vector.store %[[VALUE]], %[[VIEW]]
  sweep.sweep @eval_0 view variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<view, "eval", 0, element, f32, false, true>]
      reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
}
