# What is installed, and where. docs/embedding.md shows it from the outside.
#
#   bin/ravine                      the compiler
#   lib/libravine_compiler.so       the same as a library
#   lib/cmake/Ravine/               find_package(Ravine)
#   include/                        ravine.h, ravine.hpp, ravine_compile.hpp
#   share/ravine/stdlib/            the standard library, as source
#   share/ravine/python/ravine/     the Python package
#   share/doc/ravine/               the licence
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The headers of hosts, and no others: what the Ravine::abi of the package is.
add_library(ravine_headers INTERFACE)
add_library(Ravine::abi ALIAS ravine_headers)
set_target_properties(ravine_headers PROPERTIES EXPORT_NAME abi)
target_include_directories(ravine_headers INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/runtime/abi>
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/compiler/embed>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(ravine_headers INTERFACE ${CMAKE_DL_LIBS})

# Nothing of ours is outside the prefix, which may be moved; LLVM and MLIR are the system's packages.
set_target_properties(ravine PROPERTIES INSTALL_RPATH "${LLVM_PREFIX}/lib")
set_target_properties(ravine_compiler PROPERTIES INSTALL_RPATH "${LLVM_PREFIX}/lib")

install(TARGETS ravine ravine_compiler ravine_headers EXPORT RavineTargets
  RUNTIME COMPONENT Compiler
  LIBRARY COMPONENT Compiler NAMELINK_COMPONENT Development)
install(FILES
  ${PROJECT_SOURCE_DIR}/runtime/abi/ravine.h
  ${PROJECT_SOURCE_DIR}/runtime/abi/ravine.hpp
  ${PROJECT_SOURCE_DIR}/compiler/embed/ravine_compile.hpp
  TYPE INCLUDE COMPONENT Development)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Ravine)
install(EXPORT RavineTargets NAMESPACE Ravine:: DESTINATION ${package} COMPONENT Development)
# Where a search for packages does not find them before they are installed.
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/RavineConfig.cmake.in
  ${PROJECT_BINARY_DIR}/CMakeFiles/RavineConfig.cmake INSTALL_DESTINATION ${package} PATH_VARS CMAKE_INSTALL_DATAROOTDIR)
# Before 1.0 every minor version may change the contract.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/CMakeFiles/RavineConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/CMakeFiles/RavineConfig.cmake
  ${PROJECT_BINARY_DIR}/CMakeFiles/RavineConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/RavineAddOptimizer.cmake
  DESTINATION ${package} COMPONENT Development)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/stdlib DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/ravine COMPONENT Compiler
  FILES_MATCHING PATTERN *.rvn)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/python/ravine DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/ravine/python COMPONENT Python
  FILES_MATCHING PATTERN *.py PATTERN __pycache__ EXCLUDE)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE TYPE DOC COMPONENT Compiler)
