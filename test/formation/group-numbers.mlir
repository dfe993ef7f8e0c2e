// A sweep over elements reads a number of groups from a group buffer, where a sweep over the groups has put it: in the
// same traversal for rows and blocks, in a run of its own for columns and channels.
// RUN: ravine-opt %s -ravine-form-sweeps | FileCheck %s
// RUN: ravine-opt %s -ravine-form-sweeps | ravine-opt | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!row = !ravine.field<f64, row>
!channel = !ravine.field<f64, channel>
!block = !ravine.field<f64, block 64>
!tensor = !ravine.field<f64, tensor>

// The proximal map of the sum of the norms of rows. Each tile of rows goes through three passes: the row is known when
// it has been read.
// CHECK-LABEL: sweep.program @rows.program
// CHECK-SAME: ranks [2] groups [#ravine.set<row>, #ravine.set<row>] fields 0
// CHECK: sweep.sweep @step_0_0_0 step variant 0 scalars
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, row, 0>]
// CHECK: sweep.sweep @step_0_0_1 step variant 0 over <row>
// CHECK-SAME: buffers [#sweep.buffer<group, "sum[row] at line {{[0-9]+}}", 0, row, f64, true, false>, #sweep.buffer<group, "group 1", 1, row, f64, false, true>] reductions []
// CHECK-NEXT: ^{{.*}}(%[[SUM:.*]]: f64):
// CHECK-NEXT: %[[NORM:.*]] = math.sqrt %[[SUM]] : f64
// CHECK: %[[SCALE:.*]] = arith.divf %{{.*}}, %[[NORM]] : f64
// CHECK-NEXT: sweep.yield %[[SCALE]] : f64
// CHECK: sweep.sweep @step_0_0_2 step variant 0 scalars
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<group, "group 1", 1, row, f64, true, false>] reductions []
// CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f32, %[[SCALE:.*]]: f64):
// CHECK-NEXT: %[[ROUNDED:.*]] = arith.truncf %[[SCALE]] : f64 to f32
// CHECK-NEXT: arith.mulf %[[ROUNDED]], %[[W]] : f32
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1, @step_0_0_2] tiles [3] resident [] tiles []
ravine.optimizer @rows doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %square : !wide to !row
    %norm = ravine.sqrt %sum : !row
    %tau = ravine.constant 0.01 : f64 : !row
    %less = ravine.sub %norm, %tau : !row
    %zero = ravine.constant 0.0 : f64 : !row
    %kept = ravine.max %less, %zero : !row
    %scale = ravine.div %kept, %norm : !row
    %each = ravine.broadcast %scale : !row to !element
    %next = ravine.mul %each, %w : !element
    ravine.update %next : !element
  }
}

// What is folded over a channel is known when the tensor is through.
// CHECK-LABEL: sweep.program @channels.program
// CHECK: sweep.sweep @step_0_0_1 step variant 0 over <channel>
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1, @step_0_0_2] tiles [1, 1, 1] resident [] tiles []
ravine.optimizer @channels doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %square : !wide to !channel
    %norm = ravine.sqrt %sum : !channel
    %each = ravine.broadcast %norm : !channel to !element
    %next = ravine.div %w, %each : !element
    ravine.update %next : !element
  }
}

// What is folded stands in its buffer as it is: no sweep over blocks is needed. Blocks need no matrix.
// CHECK-LABEL: sweep.program @bare.program
// CHECK-SAME: ranks [0] groups [#ravine.set<block 64>] fields 0
// CHECK-NOT: over <block 64>
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1] tiles [2] resident [] tiles []
ravine.optimizer @bare doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %most = ravine.reduce max %wide : !wide to !block
    %each = ravine.broadcast %most : !block to !element
    %next = ravine.sub %w, %each : !element
    ravine.update %next : !element
  }
}

// A truth value travels as 0 or 1, a scalar reaches the groups by a slot, and one sweep makes all numbers that a pass
// needs.
// CHECK-LABEL: sweep.program @truths.program
// CHECK: sweep.scalars @step_0_0_1_scalars slots
// CHECK-NEXT: %[[COLS:.*]] = sweep.clock 6
// CHECK-NEXT: sweep.yield %[[COLS]]
// CHECK: sweep.sweep @step_0_0_1 step variant 0 over <row>
// CHECK-NEXT: ^{{.*}}(%[[SUM:.*]]: f64, %[[COLS:.*]]: f64):
// CHECK-DAG: %[[MEAN:.*]] = arith.divf %[[SUM]], %[[COLS]]
// CHECK-DAG: %[[TRUTH:.*]] = arith.cmpf ogt, %[[MEAN]], %{{.*}} : f64
// CHECK-DAG: %[[NUMBER:.*]] = arith.uitofp %[[TRUTH]] : i1 to f64
// CHECK: sweep.yield %{{.*}}, %{{.*}} : f64, f64
// CHECK: sweep.sweep @step_0_0_2 step variant 0 scalars
// CHECK: arith.cmpf une
ravine.optimizer @truths doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %sum = ravine.reduce sum %wide : !wide to !row
    %cols = ravine.clock cols : !tensor
    %cols_row = ravine.broadcast %cols : !tensor to !row
    %mean = ravine.div %sum, %cols_row : !row
    %zero = ravine.constant 0.0 : f64 : !row
    %isPositive = ravine.compare gt %mean, %zero : !row -> !ravine.field<i1, row>
    %mean_each = ravine.broadcast %mean : !row to !element
    %truth_each = ravine.broadcast %isPositive : !ravine.field<i1, row> to !ravine.field<i1, element>
    %less = ravine.sub %w, %mean_each : !element
    %next = ravine.select %truth_each, %less, %w : !ravine.field<i1, element>, !element
    ravine.update %next : !element
  }
}
