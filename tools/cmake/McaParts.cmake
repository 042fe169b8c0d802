# What is built beside libmca, each part on top of the one before; without a part the later ones are off too.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
option(MCA_BUILD_CLI "mcasim" ON)
option(MCA_BUILD_RTL "mcasim cosim and the Verilated digital unit" ${MCA_BUILD_CLI})
option(MCA_BUILD_SYSTEMC "mcasim-sc and libmca_systemc (SystemC)" ${MCA_BUILD_RTL})
option(MCA_BUILD_TESTS "The test suite (cmocka)" ${MCA_BUILD_SYSTEMC})
set(below CLI)
foreach(part RTL SYSTEMC TESTS)
  if(MCA_BUILD_${part} AND NOT MCA_BUILD_${below})
    message(FATAL_ERROR "MCA_BUILD_${part}=ON needs MCA_BUILD_${below}=ON; "
                        "turn both on, or turn MCA_BUILD_${part} off")
  endif()
  set(below ${part})
endforeach()

if(MCA_BUILD_SYSTEMC)
  enable_language(CXX)
endif()
