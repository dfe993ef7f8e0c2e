# How everything in the project is compiled: warnings, linker, cache, the compiler libraries and their precompiled header.

find_program(CCACHE ccache)
if(CCACHE)
  # The sloppiness is what ccache asks for before it caches anything that uses a precompiled header.
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()

# On for everyone who works on the project; a packager with another compiler may want it off.
option(RAVINE_WARNINGS_ARE_ERRORS "Stop at warnings" ON)
add_compile_options(-Wall -Wextra $<$<BOOL:${RAVINE_WARNINGS_ARE_ERRORS}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
  # Precompiled headers and ccache agree only when the header carries no time stamp.
  string(APPEND CMAKE_CXX_FLAGS " -Xclang -fno-pch-timestamp")
endif()

# What is installed does not know where it was built.
add_compile_options(-ffile-prefix-map=${PROJECT_BINARY_DIR}/= -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

# Set by the sanitizer preset.
set(RAVINE_SANITIZERS "" CACHE STRING "Sanitizers to build with, such as address,undefined")
if(RAVINE_SANITIZERS)
  add_compile_options(-fsanitize=${RAVINE_SANITIZERS} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${RAVINE_SANITIZERS})
endif()

# ---- LLVM and MLIR 22, wherever llvm-config says they are
find_program(LLVM_CONFIG NAMES llvm-config-22 REQUIRED)
execute_process(COMMAND ${LLVM_CONFIG} --prefix OUTPUT_VARIABLE LLVM_PREFIX OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND ${LLVM_CONFIG} --bindir OUTPUT_VARIABLE LLVM_BINDIR OUTPUT_STRIP_TRAILING_WHITESPACE)
find_package(MLIR 22.1 REQUIRED CONFIG HINTS ${LLVM_PREFIX}/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
separate_arguments(LLVM_DEFINITIONS_LIST NATIVE_COMMAND ${LLVM_DEFINITIONS})

find_package(ZLIB REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
if(RAVINE_TESTS)
  find_package(GTest REQUIRED)
endif()
find_package(Threads REQUIRED)

# Everything that includes MLIR links this.
add_library(ravine_mlir INTERFACE)
# Generated headers come from the build folder and count as system headers: their warnings are not ours to mend.
target_include_directories(ravine_mlir SYSTEM INTERFACE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS} ${CMAKE_BINARY_DIR})
target_include_directories(ravine_mlir INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(ravine_mlir INTERFACE ${LLVM_DEFINITIONS_LIST})
target_link_libraries(ravine_mlir INTERFACE MLIR LLVM)

# The one precompiled header of the compiler, owned by a library that holds nothing else.
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/cmake/precompiled.cpp CONTENT "// Owns the precompiled header.\n")
add_library(ravine_precompiled OBJECT ${CMAKE_BINARY_DIR}/cmake/precompiled.cpp)
target_link_libraries(ravine_precompiled PUBLIC ravine_mlir)
target_precompile_headers(ravine_precompiled PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.h)

# ravine_compiler_library(NAME SOURCES... [LINK libraries...]): a static library that uses MLIR.
function(ravine_compiler_library name)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ravine_mlir ${ARG_LINK})
  target_precompile_headers(${name} REUSE_FROM ravine_precompiled)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# ravine_tool(NAME SOURCES... [LINK libraries...]): a program that uses MLIR. Its objects are compiled as a library's are,
# for a precompiled header fits only code generated in the same way.
function(ravine_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  ravine_compiler_library(${name}_objects ${ARG_UNPARSED_ARGUMENTS} LINK ${ARG_LINK})
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp CONTENT "// The program's objects are a library.\n")
  add_executable(${name} ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE ${name}_objects)
endfunction()

# ravine_test(NAME SOURCES... [LINK libraries...]): a GoogleTest program, found by the test runner in bin/tests.
function(ravine_test name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/tests)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
endfunction()
