// Reductions and the way from f32 to what they fold.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>

// CHECK-LABEL: @every_kind_at_every_set
// CHECK-SAME: (%[[G:.*]]: !ravine.field<f32, element>)
func.func @every_kind_at_every_set(%g: !element) {
  // CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[G]] : <f32, element> to <f64, element>
  %wide = ravine.widen %g : !element to !wide
  // CHECK-NEXT: ravine.reduce sum %[[WIDE]] : <f64, element> to <f64, tensor>
  %0 = ravine.reduce sum %wide : !wide to !ravine.field<f64, tensor>
  // CHECK-NEXT: ravine.reduce max %[[WIDE]] : <f64, element> to <f64, tensor>
  %1 = ravine.reduce max %wide : !wide to !ravine.field<f64, tensor>
  // CHECK-NEXT: ravine.reduce min %[[WIDE]] : <f64, element> to <f64, model>
  %2 = ravine.reduce min %wide : !wide to !ravine.field<f64, model>
  return
}

// Numbers of groups of elements are folded, too, and those of tensors.
// CHECK-LABEL: @coarser_operands
// CHECK-SAME: (%[[ROWS:.*]]: !ravine.field<f64, row>, %[[COLS:.*]]: !ravine.field<f64, col>, %[[BLOCKS:.*]]: !ravine.field<f64, block 8>)
func.func @coarser_operands(%rows: !ravine.field<f64, row>, %cols: !ravine.field<f64, col>,
                            %blocks: !ravine.field<f64, block 8>) {
  // CHECK-NEXT: %[[TENSOR:.*]] = ravine.reduce sum %[[ROWS]] : <f64, row> to <f64, tensor>
  %0 = ravine.reduce sum %rows : !ravine.field<f64, row> to !ravine.field<f64, tensor>
  // CHECK-NEXT: ravine.reduce max %[[COLS]] : <f64, col> to <f64, channel>
  %1 = ravine.reduce max %cols : !ravine.field<f64, col> to !ravine.field<f64, channel>
  // CHECK-NEXT: ravine.reduce min %[[BLOCKS]] : <f64, block 8> to <f64, model>
  %2 = ravine.reduce min %blocks : !ravine.field<f64, block 8> to !ravine.field<f64, model>
  // CHECK-NEXT: ravine.reduce max %[[TENSOR]] : <f64, tensor> to <f64, model>
  %3 = ravine.reduce max %0 : !ravine.field<f64, tensor> to !ravine.field<f64, model>
  return
}
