# Debian packages, one a component of the installation: `make packages` (cpack --preset debian). They are made of what goes into
# /usr; tools/debian/finish.cmake makes of it what Debian wants.
if(NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  return()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_VERBATIM_VARIABLES TRUE)
set(CPACK_PACKAGE_CONTACT "The mcasim authors <mcasim@mcasim.invalid>")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 0.1) # packages of Debian's own, which begin with 1, take their place
set(CPACK_DEBIAN_PACKAGE_SOURCE mcasim)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/tools/debian/finish.cmake)
set(CPACK_MCA_FOLDER ${PROJECT_SOURCE_DIR}/tools/debian)
set(CPACK_MCA_EPOCH ${MCA_EPOCH})
set(CPACK_COMPONENTS_ALL "")
set(mca_same "(= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")

# mca_package(COMPONENT NAME SECTION DESCRIPTION [ALL] [DEPENDS ...] [RECOMMENDS ...] [SUGGESTS ...]): ALL is for every machine.
# Libraries that its programs are linked with are found out. Files in tools/debian/COMPONENT are control files of the package.
macro(mca_package component name section description)
  cmake_parse_arguments(ARG "ALL" "" "DEPENDS;RECOMMENDS;SUGGESTS" ${ARGN})
  list(APPEND CPACK_COMPONENTS_ALL ${component})
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${description}")
  foreach(field DEPENDS RECOMMENDS SUGGESTS)
    list(JOIN ARG_${field} ", " CPACK_DEBIAN_${upper}_PACKAGE_${field})
  endforeach()
  if(ARG_ALL)
    set(CPACK_DEBIAN_${upper}_PACKAGE_ARCHITECTURE all)
  endif()
  file(GLOB CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA CONFIGURE_DEPENDS ${CPACK_MCA_FOLDER}/${component}/*)
endmacro()

# What is verilated and compiled while `mcasim cosim` runs needs Verilator and a C++ compiler, and zlib for waveforms as FST.
mca_package(program mcasim electronics
"simulator of chips that train neural networks inside memory
mcasim models the mixed-precision computational-memory architecture: weights as
conductances of phase-change devices in crossbars, a digital processing unit
beside them, and an accumulator memory that collects weight changes. It trains
and tests networks on such a chip and reads accuracy, energy, latency, area and
wear off the same simulated operations, with scenarios, sweeps, searches and
reports. The digital unit's Verilog is run against the model in lock-step."
  RECOMMENDS "libopenblas0" "verilator" "g++ | c++-compiler" SUGGESTS "zlib1g-dev" "dataset-fashion-mnist" "mcasim-doc" "python3-mcasim")
mca_package(library libmca${MCA_INTERFACE} libs
"simulator of chips that train neural networks inside memory, shared library
libmca is the model of mcasim: chips, networks, scenarios, runs and reports.
This is the shared library, which Python and other languages load. Component
libraries and scenarios that have names are those of package mcasim."
  RECOMMENDS "mcasim ${mca_same}")
mca_package(development libmca-dev libdevel
"simulator of chips that train neural networks inside memory, development files
libmca is the model of mcasim: chips, networks, scenarios, runs and reports.
These are its headers, the static library, a CMake package and a file for
pkg-config, by which programs in C and C++ are linked."
  DEPENDS "mcasim ${mca_same}" "libjansson-dev" "libxxhash-dev" "libyaml-dev" "libzip-dev" "zlib1g-dev" RECOMMENDS "pkg-config" SUGGESTS "cmake")
mca_package(systemc mca-systemc-dev libdevel
"simulator of chips that train neural networks inside memory, SystemC modules
The chip of mcasim as a SystemC module for platforms of one's own, with the C
model or the Verilog as its digital unit, and mcasim-sc, which trains on it,
cycle by cycle, as mcasim does."
  DEPENDS "libmca-dev ${mca_same}" "libsystemc-dev")
mca_package(python python3-mcasim python
"simulator of chips that train neural networks inside memory, Python package
Scenarios, runs and sweeps of mcasim from Python and notebooks, results as
frames and arrays, and a chip in the process that is trained on arrays."
  ALL DEPENDS "python3:any" "python3-numpy" "libmca${MCA_INTERFACE} ${mca_same}" "mcasim ${mca_same}" SUGGESTS "python3-pandas")
mca_package(documents mcasim-doc doc
"simulator of chips that train neural networks inside memory, documentation
The guide from a first chip to design spaces, the reference of keys, models and
interfaces, and the reasons behind them, as text."
  ALL)

# programs that are linked with the library need the package of its interface
set(CPACK_MCA_SHLIBS "libmca ${MCA_INTERFACE} libmca${MCA_INTERFACE} (>= ${PROJECT_VERSION})")
include(CPack)
