// What mixed-precision training does in a step, as one rule: g is unscaled and clipped by its norm over the model, AdamW
// steps, an average of the parameters follows, and g is cleared. Where the parameter is narrow, a master in f32 is kept.

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!model = !ravine.field<f64, model>
!group = !ravine.field<f64, group>

ravine.optimizer @recipe doc "" citation ""
    precisions [#ravine.precision<"f32", f32, f32>, #ravine.precision<"bf16", bf16, bf16>] {
  ravine.hyper @scale per model : real = 1.0 from 0.0 open_below to 65536.0 doc ""
  ravine.hyper @max_norm per model : real = 1.0 from 0.0 to 100.0 doc ""
  ravine.hyper @lr : real = 1.0e-3 from 0.0 to 1.0 doc ""
  ravine.state @m : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  ravine.state @v : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  ravine.state @average : !element doc "" initial {
    %w = ravine.parameter : !element
    ravine.yield %w : !element
  }
  ravine.state @master : !element master doc "" initial {
    %w = ravine.parameter : !element
    ravine.yield %w : !element
  }
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %m = ravine.current @m : !element
    %v = ravine.current @v : !element
    %average = ravine.current @average : !element

    %scale = ravine.hyper_value @scale : !model
    %scale_each = ravine.broadcast %scale : !model to !element
    %unscaled = ravine.div %g, %scale_each : !element

    %g_wide = ravine.widen %unscaled : !element to !wide
    %square = ravine.mul %g_wide, %g_wide : !wide
    %sum = ravine.reduce sum %square : !wide to !model
    %norm = ravine.sqrt %sum : !model
    %max_norm = ravine.hyper_value @max_norm : !model
    %ratio = ravine.div %max_norm, %norm : !model
    %one = ravine.constant 1.0 : f64 : !model
    %coefficient = ravine.min %ratio, %one : !model
    %coefficient_each = ravine.broadcast %coefficient : !model to !element
    %clipped = ravine.mul %unscaled, %coefficient_each : !element

    %beta = ravine.constant 0.9 : f32 : !element
    %m_rest = ravine.sub %clipped, %m : !element
    %m_change = ravine.mul %m_rest, %beta : !element
    %m_next = ravine.add %m, %m_change : !element
    %clipped_square = ravine.mul %clipped, %clipped : !element
    %v_rest = ravine.sub %clipped_square, %v : !element
    %v_change = ravine.mul %v_rest, %beta : !element
    %v_next = ravine.add %v, %v_change : !element
    %root = ravine.sqrt %v_next : !element
    %direction = ravine.div %m_next, %root : !element
    %lr = ravine.hyper_value @lr : !group
    %lr_each = ravine.broadcast %lr : !group to !element
    %decayed = ravine.add %direction, %w : !element
    %change = ravine.mul %lr_each, %decayed : !element
    %w_next = ravine.sub %w, %change : !element

    %average_rest = ravine.sub %w_next, %average : !element
    %average_change = ravine.mul %average_rest, %beta : !element
    %average_next = ravine.add %average, %average_change : !element

    ravine.next @m, %m_next : !element
    ravine.next @v, %v_next : !element
    ravine.next @average, %average_next : !element
    ravine.update %w_next : !element
    ravine.zero_gradient
  }
}
