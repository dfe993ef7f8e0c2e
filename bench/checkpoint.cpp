// What saving and loading cost, beside writing the same bytes with `write` and reading them with `read`, as cat does.
#include "runtime/abi/ravine.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

constexpr int rounds = 5;
constexpr int64_t elements = int64_t{64} << 20;

template <typename Call> double timeOf(Call call) {
  auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

void require(bool holds, const char *what) {
  if (!holds) {
    std::perror(what);
    std::exit(1);
  }
}

/// Writes the bytes to a new file and waits until they are on disk.
void writePlainly(const std::string &path, const std::vector<char> &bytes) {
  int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  require(file >= 0, path.c_str());
  constexpr size_t piece = 128 << 10; // cat's
  for (size_t at = 0; at < bytes.size(); at += piece)
    require(write(file, bytes.data() + at, std::min(piece, bytes.size() - at)) > 0, "write");
  require(fsync(file) == 0 && close(file) == 0, "fsync");
}

void readPlainly(const std::string &path, std::vector<char> &bytes) {
  int file = open(path.c_str(), O_RDONLY);
  require(file >= 0, path.c_str());
  constexpr size_t piece = 128 << 10;
  for (size_t at = 0; at < bytes.size();) {
    ssize_t count = read(file, bytes.data() + at, std::min(piece, bytes.size() - at));
    require(count > 0, "read");
    at += static_cast<size_t>(count);
  }
  close(file);
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: checkpoint LIBRARY OPTIMIZER FOLDER\n");
    return 2;
  }
  void *module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  require(module != nullptr, argv[1]);
  const ravine_library *library = reinterpret_cast<ravine_entry_point>(dlsym(module, RAVINE_ENTRY_POINT))();
  ravine_tensor tensor = {};
  tensor.struct_size = sizeof tensor;
  tensor.name = "w";
  tensor.shape = &elements;
  tensor.rank = 1;
  tensor.parameter_dtype = tensor.gradient_dtype = RAVINE_F32;
  ravine_create_args args = {};
  args.struct_size = sizeof args;
  args.abi_version = RAVINE_ABI_VERSION;
  args.group_count = 1;
  args.optimizer = argv[2];
  args.tensors = &tensor;
  args.tensor_count = 1;
  ravine_optimizer *optimizer = nullptr;
  ravine_error error = {};
  error.struct_size = sizeof error;
  auto check = [&](ravine_status status) {
    if (status != RAVINE_OK) {
      std::fprintf(stderr, "%s\n", error.message);
      std::exit(1);
    }
  };
  check(library->create(&args, &optimizer, &error));
  ravine_progress progress = {};
  progress.struct_size = sizeof progress;
  progress.steps = progress.tensor_steps = 1;
  check(library->restore_progress(optimizer, 0, &progress, &error));

  std::string saved = std::string(argv[3]) + "/bench.safetensors", plain = std::string(argv[3]) + "/bench.plain";
  check(library->save(optimizer, saved.c_str(), &error)); // makes the pages of the states
  size_t size = 0;
  {
    int file = open(saved.c_str(), O_RDONLY);
    size = static_cast<size_t>(lseek(file, 0, SEEK_END));
    close(file);
  }
  std::vector<char> bytes(size, 1);
  std::vector<double> save, write, saveRatio, load, read, loadRatio;
  for (int round = 0; round < rounds; ++round) {
    write.push_back(timeOf([&] { writePlainly(plain, bytes); }));
    save.push_back(timeOf([&] { check(library->save(optimizer, saved.c_str(), &error)); }));
    saveRatio.push_back(save.back() / write.back());
    read.push_back(timeOf([&] { readPlainly(saved, bytes); }));
    load.push_back(timeOf([&] { check(library->load(optimizer, saved.c_str(), &error)); }));
    loadRatio.push_back(load.back() / read.back());
  }
  double gigabytes = static_cast<double>(size) * 1e-9;
  std::printf("%.2f GB\nsave %.2f GB/s, write and fsync %.2f GB/s, %.2f x its time\n", gigabytes,
              gigabytes / median(save), gigabytes / median(write), median(saveRatio));
  std::printf("load %.2f GB/s, read %.2f GB/s, %.2f x its time\n", gigabytes / median(load), gigabytes / median(read),
              median(loadRatio));
  library->destroy(optimizer);
  unlink(saved.c_str());
  unlink(plain.c_str());
}
