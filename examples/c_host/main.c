// A host in plain C: loads a compiled optimizer from a file, shows what is in it and minimises a quadratic with it.
//
//     c_host ./libadamw.so [optimizer]
#include "ravine.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

enum { COUNT = 5, STEPS = 200 };

static const char *dtype_name(ravine_dtype dtype) {
  static const char *const names[] = {"as computed", "f32", "f64", "bf16", "f16"};
  return dtype >= 0 && dtype < 5 ? names[dtype] : "?";
}

static void describe_hyper(const ravine_hyper_info *hyper) {
  printf("    hyper %s = ", hyper->name);
  if (hyper->kind == RAVINE_HYPER_BOOL)
    printf("%s\n", hyper->default_value != 0 ? "true" : "false");
  else if (hyper->kind == RAVINE_HYPER_ENUM)
    printf("%s\n", hyper->choices[(size_t)hyper->default_value]);
  else
    printf("%g in %c%g, %g%c%s%s\n", hyper->default_value, hyper->lower_open ? '(' : '[', hyper->lower, hyper->upper,
           hyper->upper_open ? ')' : ']', *hyper->schedule ? ", follows " : "", hyper->schedule);
}

static void describe(const ravine_library *library) {
  printf("%s, compiled by %s\n", library->name, library->compiler);
  for (size_t i = 0; i < library->optimizer_count; ++i) {
    const ravine_optimizer_info *optimizer = &library->optimizers[i];
    // The first line of a documentation comment says it in short.
    printf("  optimizer %s: %.*s\n", optimizer->name, (int)strcspn(optimizer->doc, "\n"), optimizer->doc);
    for (size_t h = 0; h < optimizer->hyper_count; ++h)
      describe_hyper(&optimizer->hypers[h]);
    for (size_t s = 0; s < optimizer->state_count; ++s)
      printf("    state %s, %s%s%s\n", optimizer->states[s].name, dtype_name(optimizer->states[s].storage),
             *optimizer->states[s].condition ? ", when " : "", optimizer->states[s].condition);
    for (size_t p = 0; p < optimizer->precision_count; ++p)
      printf("    parameters in %s, gradients in %s\n", dtype_name(optimizer->precisions[p].parameter),
             dtype_name(optimizer->precisions[p].gradient));
  }
}

// The optimizer of that name, or the first one where no name is asked for.
static const ravine_optimizer_info *find(const ravine_library *library, const char *name) {
  for (size_t i = 0; i < library->optimizer_count; ++i)
    if (!name || strcmp(library->optimizers[i].name, name) == 0)
      return &library->optimizers[i];
  return NULL;
}

// The gradient of f(w) = sum of (w_i - i)^2 / 2, and its value.
static float quadratic(const float *w, float *gradient) {
  float value = 0;
  for (int i = 0; i < COUNT; ++i) {
    gradient[i] = w[i] - (float)i;
    value += gradient[i] * gradient[i] / 2;
  }
  return value;
}

// Returns 0 if the quadratic has become smaller.
static int minimise(const ravine_library *library, const ravine_optimizer_info *info) {
  ravine_error error = {.struct_size = sizeof error};

  int64_t shape[] = {COUNT};
  ravine_tensor tensor = {.struct_size = sizeof tensor,
                          .name = "w",
                          .shape = shape,
                          .rank = 1,
                          .parameter_dtype = RAVINE_F32,
                          .gradient_dtype = RAVINE_F32};
  ravine_create_args args = {.struct_size = sizeof args,
                             .abi_version = RAVINE_ABI_VERSION,
                             .group_count = 1,
                             .optimizer = info->name,
                             .tensors = &tensor,
                             .tensor_count = 1};
  ravine_optimizer *optimizer = NULL;
  if (library->create(&args, &optimizer, &error) != RAVINE_OK) {
    fprintf(stderr, "%s: %s\n", library->status_name(error.status), error.message);
    return 1;
  }

  float w[COUNT] = {2.5f, 2.5f, 2.5f, 2.5f, 2.5f}, gradient[COUNT];
  void *parameters[] = {w};
  const void *gradients[] = {gradient};
  ravine_step_args step = {.struct_size = sizeof step, .parameters = parameters, .gradients = gradients};
  float first = quadratic(w, gradient), value = first;
  printf("f = %g before\n", first);
  for (int i = 0; i < STEPS; ++i) {
    if (library->step(optimizer, &step, &error) != RAVINE_OK) {
      fprintf(stderr, "%s: %s\n", library->status_name(error.status), error.message);
      library->destroy(optimizer);
      return 1;
    }
    value = quadratic(w, gradient);
  }
  printf("f = %g after %d steps\n", value, STEPS);

  for (size_t s = 0; s < info->state_count; ++s) {
    ravine_state_view view = {.struct_size = sizeof view};
    if (library->view_state(optimizer, 0, info->states[s].name, &view, &error) == RAVINE_OK && view.exists &&
        view.dtype == RAVINE_F32)
      printf("%s[0] = %g\n", info->states[s].name, ((const float *)view.data)[0]);
  }

  // What a mistake looks like. The settings stay as they were.
  ravine_setting setting = {
      .struct_size = sizeof setting, .name = "learning_rate", .group = RAVINE_ALL_GROUPS, .value = 1};
  if (library->configure(optimizer, &setting, 1, &error) != RAVINE_OK)
    printf("%s: %s\n", library->status_name(error.status), error.message);

  library->destroy(optimizer);
  return value < first ? 0 : 1;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(
        stderr,
        "usage: %s LIBRARY [OPTIMIZER]\n"
        "A library in the current folder is ./libadamw.so: a name without a slash is looked for among the system's.\n",
        argv[0]);
    return 2;
  }
  void *module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (!module) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  ravine_entry_point entry_point;
  *(void **)&entry_point = dlsym(module, RAVINE_ENTRY_POINT);
  if (!entry_point) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  const ravine_library *library = entry_point();
  if (library->abi_version != RAVINE_ABI_VERSION) {
    fprintf(stderr, "%s keeps to version %u of the contract, this program to %u\n", argv[1], library->abi_version,
            RAVINE_ABI_VERSION);
    return 1;
  }
  describe(library);
  const ravine_optimizer_info *info = find(library, argc > 2 ? argv[2] : NULL);
  if (!info) {
    fprintf(stderr, "there is no optimizer %s in it\n", argc > 2 ? argv[2] : "");
    return 1;
  }
  int result = minimise(library, info);
  dlclose(module);
  return result;
}
