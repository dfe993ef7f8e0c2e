// States of groups are read and written by sweeps over the groups. The one that writes them is the last of all, so that
// whatever else the step computes sees what they held when it began.
// RUN: ravine-opt %s -ravine-form-sweeps | FileCheck %s
// RUN: ravine-opt %s -ravine-form-sweeps | ravine-opt | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!block = !ravine.field<f64, block 64>
!row = !ravine.field<f64, row>
!col = !ravine.field<f64, col>
!tensor = !ravine.field<f64, tensor>
!model = !ravine.field<f64, model>

// Blocks go from tile to tile: the state is written in the traversal that has made it.
// CHECK-LABEL: sweep.program @blocks.program
// CHECK-SAME: states [true] : [bf16]
// CHECK: sweep.sweep @initial_0_0 initial variant 0 over <block 64>
// CHECK-SAME: buffers [#sweep.buffer<state, "s", 0, block 64, bf16, false, true>]
// CHECK: sweep.stage initial variant 0 sweeps [@initial_0_0] tiles [1]
// CHECK: sweep.sweep @step_0_0_1 step variant 0 over <block 64>
// CHECK-SAME: buffers [#sweep.buffer<state, "s", 0, block 64, bf16, true, false>, #sweep.buffer<group, "max[block 64] {{[^"]*}}", 0, block 64, f64, true, false>, #sweep.buffer<group, "group 1", 1, block 64, f64, false, true>]
// CHECK: sweep.sweep @step_0_0_2 step variant 0 scalars
// CHECK-SAME: #sweep.buffer<group, "group 1", 1, block 64, f64, true, false>]
// CHECK: sweep.sweep @step_0_0_3 step variant 0 over <block 64>
// CHECK-SAME: buffers [#sweep.buffer<state, "s", 0, block 64, bf16, false, true>, #sweep.buffer<group, "group 1", 1, block 64, f64, true, false>]
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1, @step_0_0_2, @step_0_0_3] tiles [4]
ravine.optimizer @blocks doc "" citation "" {
  ravine.state @s : !block store bf16 doc "" initial {
    %one = ravine.constant 1.0 : f64 : !block
    ravine.yield %one : !block
  }
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %size = ravine.abs %g : !element
    %wide = ravine.widen %size : !element to !wide
    %most = ravine.reduce max %wide : !wide to !block
    %s = ravine.current @s : !block
    %half = ravine.constant 0.5 : f64 : !block
    %kept = ravine.mul %s, %half : !block
    %s_next = ravine.max %kept, %most : !block
    ravine.next @s, %s_next : !block
    %each = ravine.broadcast %s_next : !block to !element
    %scaled = ravine.div %g, %each : !element
    %next = ravine.sub %w, %scaled : !element
    ravine.update %next : !element
  }
}

// Second moments kept as those of rows and columns (Shazeer & Stern 2018): v = r c / mean(r). Rows are folded over the
// tensor in the traversal that has made them. What waits for that, and columns, come before the second one.
// CHECK-LABEL: sweep.program @factored.program
// CHECK-SAME: tensor_values [#sweep.value<reduction, "sum[tensor] {{[^"]*}}", 2>]
// CHECK-SAME: groups [#ravine.set<row>, #ravine.set<col>, #ravine.set<col>, #ravine.set<row>]
// CHECK-NOT: initial variant 0 over
// CHECK: sweep.sweep @step_0_0_0 step variant 0 scalars
// CHECK-SAME: buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, row, 0>, #sweep.reduction<sum, col, 1>]
// CHECK: sweep.sweep @step_0_0_1 step variant 0 over <row>
// CHECK-SAME: buffers [#sweep.buffer<state, "r", 0, row, f32, true, false>, {{.*}}] reductions [#sweep.reduction<sum, tensor, 0>]
// CHECK: sweep.sweep @step_0_0_2 step variant 0 over <col>
// CHECK-SAME: #sweep.buffer<group, "group 2", 2, col, f64, false, true>] reductions []
// CHECK: sweep.scalars @step_0_0_3_scalars slots
// CHECK: sweep.tensor_value 0
// CHECK: sweep.sweep @step_0_0_3 step variant 0 over <row>
// CHECK-SAME: #sweep.buffer<group, "group 3", 3, row, f64, false, true>] reductions []
// CHECK: sweep.sweep @step_0_0_4 step variant 0 scalars
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<gradient, "g", 0, element, f32, true, false>, #sweep.buffer<group, "group 2", 2, col, f64, true, false>, #sweep.buffer<group, "group 3", 3, row, f64, true, false>]
// CHECK: sweep.sweep @step_0_0_5 step variant 0 over <row>
// CHECK-SAME: #sweep.buffer<state, "r", 0, row, f32, true, true>
// CHECK: sweep.sweep @step_0_0_6 step variant 0 over <col>
// CHECK-SAME: buffers [#sweep.buffer<state, "c", 1, col, f32, false, true>, #sweep.buffer<group, "group 2", 2, col, f64, true, false>]
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1, @step_0_0_2, @step_0_0_3, @step_0_0_4, @step_0_0_5, @step_0_0_6] tiles [2, 1, 3, 1]
ravine.optimizer @factored doc "" citation "" {
  ravine.state @r : !row store f32 doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !row
    ravine.yield %zero : !row
  }
  ravine.state @c : !col store f32 doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !col
    ravine.yield %zero : !col
  }
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %row_sum = ravine.reduce sum %square : !wide to !row
    %col_sum = ravine.reduce sum %square : !wide to !col
    %cols = ravine.clock cols : !tensor
    %rows = ravine.clock rows : !tensor
    %cols_row = ravine.broadcast %cols : !tensor to !row
    %rows_col = ravine.broadcast %rows : !tensor to !col
    %row_mean = ravine.div %row_sum, %cols_row : !row
    %col_mean = ravine.div %col_sum, %rows_col : !col
    %r = ravine.current @r : !row
    %c = ravine.current @c : !col
    %r_next = ravine.add %r, %row_mean : !row
    %c_next = ravine.add %c, %col_mean : !col
    ravine.next @r, %r_next : !row
    ravine.next @c, %c_next : !col
    %total = ravine.reduce sum %r_next : !row to !tensor
    %mean = ravine.div %total, %rows : !tensor
    %mean_row = ravine.broadcast %mean : !tensor to !row
    %share = ravine.div %r_next, %mean_row : !row
    %share_each = ravine.broadcast %share : !row to !element
    %c_each = ravine.broadcast %c_next : !col to !element
    %v = ravine.mul %share_each, %c_each : !element
    %root = ravine.sqrt %v : !element
    %u = ravine.div %g, %root : !element
    %next = ravine.sub %w, %u : !element
    ravine.update %next : !element
  }
}

// Initial values may fold the parameter, and views may read states of rows.
// CHECK-LABEL: sweep.program @norms.program
// CHECK: sweep.sweep @initial_0_0 initial variant 0 scalars
// CHECK-SAME: reductions [#sweep.reduction<sum, row, 0>, #sweep.reduction<max, tensor, 0>]
// CHECK: sweep.scalars @initial_0_1_scalars slots
// CHECK: sweep.tensor_value 0
// CHECK: sweep.sweep @initial_0_1 initial variant 0 scalars
// CHECK-SAME: #sweep.buffer<state, "m", 1, element, f32, false, true>]
// CHECK: sweep.sweep @initial_0_2 initial variant 0 over <row>
// CHECK-SAME: buffers [#sweep.buffer<state, "n", 0, row, f32, false, true>, #sweep.buffer<group, "sum[row] {{[^"]*}}", 0, row, f64, true, false>]
// CHECK: sweep.stage initial variant 0 sweeps [@initial_0_0, @initial_0_1, @initial_0_2] tiles [1, 1, 1]
// The step leaves the state of rows alone.
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0] tiles [1]
// CHECK: sweep.sweep @view_scaled_0_0 view variant 0 over <row>
// CHECK-SAME: buffers [#sweep.buffer<state, "n", 0, row, f32, true, false>, #sweep.buffer<group, "group 1", 1, row, f64, false, true>]
// CHECK: sweep.sweep @view_scaled_0_1 view variant 0 scalars
// CHECK: sweep.stage view variant 0 sweeps [@view_scaled_0_0, @view_scaled_0_1] tiles [2]
ravine.optimizer @norms doc "" citation "" {
  ravine.state @n : !row store f32 doc "" initial {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %square : !wide to !row
    %norm = ravine.sqrt %sum : !row
    ravine.yield %norm : !row
  }
  ravine.state @m : !element doc "" initial {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %most = ravine.reduce max %wide : !wide to !tensor
    %each = ravine.broadcast %most : !tensor to !element
    %less = ravine.sub %w, %each : !element
    ravine.yield %less : !element
  }
  ravine.view @scaled doc "" {
    %w = ravine.parameter : !element
    %n = ravine.current @n : !row
    %n_each = ravine.broadcast %n : !row to !element
    %value = ravine.div %w, %n_each : !element
    ravine.yield %value : !element
  }
  ravine.step {
    %g = ravine.gradient : !element
    %m = ravine.current @m : !element
    %next = ravine.add %m, %g : !element
    ravine.next @m, %next : !element
  }
}

// Nothing is written before it is known whether the step ends early, and an exit writes what stands before it. What
// waits for the model is written in the stage behind it, though that has nothing else to do.
// CHECK-LABEL: sweep.program @skipping.program
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0] tiles [1]
// CHECK: sweep.sweep @step_0_1_0 step variant 0 over <row>
// CHECK-SAME: buffers [#sweep.buffer<state, "n", 0, row, f32, true, true>, #sweep.buffer<state, "s", 1, row, f32, false, true>]
// CHECK: sweep.stage step variant 0 sweeps [@step_0_1_0] tiles [1]
// CHECK-NOT: sweep.stage step variant 0 sweeps
// CHECK: sweep.sweep @exit_0_step_0_0_0 step variant 0 over <row>
// CHECK-SAME: buffers [#sweep.buffer<state, "n", 0, row, f32, true, true>]
// CHECK: sweep.stage step variant 0 exit 0 sweeps [@exit_0_step_0_0_0] tiles [1]
ravine.optimizer @skipping doc "" citation "" {
  ravine.state @n : !row store f32 doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !row
    ravine.yield %zero : !row
  }
  ravine.state @s : !row store f32 doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !row
    ravine.yield %zero : !row
  }
  ravine.step {
    %g = ravine.gradient : !element
    %n = ravine.current @n : !row
    %one = ravine.constant 1.0 : f64 : !row
    %more = ravine.add %n, %one : !row
    ravine.next @n, %more : !row
    %wide = ravine.widen %g : !element to !wide
    %sum = ravine.reduce sum %wide : !wide to !model
    %zero = ravine.constant 0.0 : f64 : !model
    %isZero = ravine.compare eq %sum, %zero : !model -> !ravine.field<i1, model>
    ravine.skip %isZero : !ravine.field<i1, model>
    %sum_row = ravine.broadcast %sum : !model to !row
    ravine.next @s, %sum_row after 1 : !row
  }
}
