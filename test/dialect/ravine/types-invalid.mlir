// The constraints of `field`, and index sets that there are not.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{c1: a field holds f32, f64 or i1, not 'i32'}}
func.func private @c1_integer(!ravine.field<i32, element>)

// -----

// expected-error@+1 {{c1: a field holds f32, f64 or i1, not 'bf16'}}
func.func private @c1_bf16(!ravine.field<bf16, element>)

// -----

// expected-error@+1 {{c2: a field coarser than element holds f64 or i1, not f32}}
func.func private @c2_tensor(!ravine.field<f32, tensor>)

// -----

// expected-error@+1 {{c2: a field coarser than element holds f64 or i1, not f32}}
func.func private @c2_model(!ravine.field<f32, model>)

// -----

// expected-error@+1 {{c2: a field coarser than element holds f64 or i1, not f32}}
func.func private @c2_row(!ravine.field<f32, row>)

// -----

// expected-error@+1 {{a block has at least one element}}
func.func private @empty_block(!ravine.field<f64, block 0>)

// -----

// expected-error@+1 {{expected an index set: model, group, tensor, block, row, channel, col or element}}
func.func private @unknown_index_set(!ravine.field<f64, galaxy>)
