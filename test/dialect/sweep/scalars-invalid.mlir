// What a scalar program can read: the clock has three entries, and there is no hyper before the first.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

sweep.program @clock optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{attribute 'index' failed to satisfy constraint}}
    %entry = sweep.clock 3
    sweep.yield %entry : f64
  }
}

// -----

sweep.program @hyper optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{attribute 'index' failed to satisfy constraint}}
    %setting = sweep.hyper -1
    sweep.yield %setting : f64
  }
}
