// A field is written as its number type and its index set.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

// CHECK-LABEL: @fields
// CHECK-SAME: !ravine.field<f32, element>
// CHECK-SAME: !ravine.field<f64, element>
// CHECK-SAME: !ravine.field<i1, element>
// CHECK-SAME: !ravine.field<f64, row>
// CHECK-SAME: !ravine.field<i1, col>
// CHECK-SAME: !ravine.field<f64, channel>
// CHECK-SAME: !ravine.field<f64, block 256>
// CHECK-SAME: !ravine.field<f64, tensor>
// CHECK-SAME: !ravine.field<i1, tensor>
// CHECK-SAME: !ravine.field<f64, group>
// CHECK-SAME: !ravine.field<i1, group>
// CHECK-SAME: !ravine.field<f64, model>
// CHECK-SAME: !ravine.field<i1, model>
func.func private @fields(!ravine.field<f32, element>, !ravine.field<f64, element>, !ravine.field<i1, element>,
                          !ravine.field<f64, row>, !ravine.field<i1, col>, !ravine.field<f64, channel>,
                          !ravine.field<f64, block 256>,
                          !ravine.field<f64, tensor>, !ravine.field<i1, tensor>,
                          !ravine.field<f64, group>, !ravine.field<i1, group>,
                          !ravine.field<f64, model>, !ravine.field<i1, model>)
